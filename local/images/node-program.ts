import { join } from 'node:path';
import type { ImagePlatform } from '../../ci/src/images/platforms.ts';
import { run } from '../run.ts';
import { architectureOf, ownPlatform } from './own-platform.ts';

/** The file of the `node` that runs here, for any platform. */
export async function nodeProgram(platform: ImagePlatform, work: string): Promise<string> {
  if (platform === ownPlatform()) return process.execPath;
  // From where the package `node` takes its program when it is installed.
  const architecture = architectureOf(platform) === 'amd64' ? 'x64' : architectureOf(platform);
  const name = `node-linux-${architecture}@${process.versions.node}`;
  const file = await packNpm(name, work);
  await run(['tar', '-xzf', file, '-C', work, 'package/bin/node'], { timeoutMs: 60_000 });
  return join(work, 'package/bin/node');
}

/** Fetches a package from the npm registry; gives back the file. */
export async function packNpm(name: string, folder: string): Promise<string> {
  const command = ['npm', 'pack', '--silent', '--pack-destination', folder, name];
  const packed = await run(command, { cwd: folder, timeoutMs: 300_000 });
  return join(folder, packed.trim());
}
