import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImagePlatform } from '../../ci/src/images/platforms.ts';
import { run } from '../run.ts';
import { architectureOf, ownPlatform } from './own-platform.ts';

/** Unpacks packages into a file system: nothing is installed, and nothing of them is executed. */
export async function unpackDebianPackages(
  names: readonly string[],
  downloads: string,
  root: string,
  platform: ImagePlatform = ownPlatform(),
): Promise<void> {
  await mkdir(downloads, { recursive: true });
  await mkdir(root, { recursive: true });
  await (platform === ownPlatform()
    ? download(names, downloads)
    : downloadForeign(names, downloads, architectureOf(platform)));
  const files = (await readdir(downloads)).filter((file) => file.endsWith('.deb')).sort();
  for (const file of files) await run(['dpkg-deb', '-x', join(downloads, file), root]);
}

const asRoot = ['-o', 'APT::Sandbox::User=root'];
const timeoutMs = 300_000;

async function download(names: readonly string[], folder: string): Promise<void> {
  const command = ['apt-get', '-q', ...asRoot, 'download', ...names];
  await run(command, { cwd: folder, timeoutMs }).catch(async () => {
    // The lists of packages are missing or old.
    await run(['apt-get', 'update', '-qq'], { timeoutMs });
    await run(command, { cwd: folder, timeoutMs });
  });
}

/** From this machine's own sources, by lists kept apart: dpkg must not learn of the architecture. */
async function downloadForeign(
  names: readonly string[],
  folder: string,
  architecture: string,
): Promise<void> {
  const state = join(folder, 'apt');
  for (const path of ['lists/partial', 'cache/archives/partial']) {
    await mkdir(join(state, path), { recursive: true });
  }
  await writeFile(join(state, 'status'), '');
  const apart = [
    ['APT::Architecture', architecture],
    ['APT::Architectures::', architecture],
    ['Dir::State', state],
    ['Dir::State::status', join(state, 'status')],
    ['Dir::Cache', join(state, 'cache')],
  ].flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  await run(['apt-get', '-qq', ...asRoot, ...apart, 'update'], { timeoutMs });
  const command = ['apt-get', '-q', ...asRoot, ...apart, 'download', ...names];
  await run(command, { cwd: folder, timeoutMs });
}
