import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type RunOptions, run } from '../run.ts';
import { emptyWhenFull } from './storage-limit.ts';

/** buildah with a storage of its own; gives back what it printed on standard output. */
export interface Buildah {
  (args: readonly string[], options?: RunOptions): Promise<string>;
  readonly folder: string;
}

/** Keeps images and layers below a folder, apart from whatever else on the machine uses buildah. */
export async function openBuildah(folder: string): Promise<Buildah> {
  await emptyWhenFull(folder);
  const runRoot = join(folder, 'run');
  const root = join(folder, 'storage');
  const temporary = join(folder, 'tmp');
  for (const path of [root, runRoot, temporary]) await mkdir(path, { recursive: true });
  // In a mount namespace of its own, so that no mount outlives a build, not even a killed one.
  const apart = ['unshare', '--mount', '--propagation', 'private'];
  const storage = ['--root', root, '--runroot', runRoot, '--storage-driver', 'overlay'];
  const buildah = (args: readonly string[], options: RunOptions = {}): Promise<string> =>
    run([...apart, 'buildah', ...storage, ...args], {
      timeoutMs: 600_000,
      ...options,
      // Commands of a build run in a chroot: no runc, no user namespaces. TMPDIR holds npm's cache.
      env: { ...process.env, BUILDAH_ISOLATION: 'chroot', TMPDIR: temporary, ...options.env },
    });
  return Object.assign(buildah, { folder });
}
