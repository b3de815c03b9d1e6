import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Needed } from '../packages.ts';
import { type RunOptions, run } from '../run.ts';

/** What this folder needs of Debian. */
export const imagePackages: Needed = { buildah: '/usr/bin/buildah' };

/** buildah with a storage of its own; gives back what it printed on standard output. */
export interface Buildah {
  (args: readonly string[], options?: RunOptions): Promise<string>;
  readonly folder: string;
}

/** Keeps images and layers below a folder, apart from whatever else on the machine uses buildah. */
export async function openBuildah(folder: string): Promise<Buildah> {
  const runRoot = join(folder, 'run');
  const root = join(folder, 'storage');
  await mkdir(root, { recursive: true });
  await mkdir(runRoot, { recursive: true });
  const storage = ['--root', root, '--runroot', runRoot, '--storage-driver', 'overlay'];
  const buildah = (args: readonly string[], options: RunOptions = {}): Promise<string> =>
    run(['buildah', ...storage, ...args], {
      timeoutMs: 600_000,
      ...options,
      // No runc, no user namespaces: commands of a build run in a chroot.
      env: { ...process.env, BUILDAH_ISOLATION: 'chroot', ...options.env },
    });
  return Object.assign(buildah, { folder });
}
