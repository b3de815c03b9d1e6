import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BaseImages } from '../../ci/src/images/base-images.ts';
import type { ImagePlatform } from '../../ci/src/images/platforms.ts';
import { run } from '../run.ts';
import type { Buildah } from './buildah.ts';
import { unpackDebianPackages } from './debian-packages.ts';
import { nodeProgram, packNpm } from './node-program.ts';
import { ownPlatform } from './own-platform.ts';
import { addProgram, finishRootFilesystem, link, linkApplets } from './root-filesystem.ts';

/** The images' ids in buildah's storage; building is done on the machine's own platform alone. */
export type ImageIds = Readonly<
  Pick<BaseImages, 'NODE_IMAGE' | 'BASE_IMAGE'> & Partial<Pick<BaseImages, 'BUILD_IMAGE'>>
>;

/** All that decides what is made for a platform. */
export const recipeOf = (platform: ImagePlatform) => ({
  // To be raised when what this file makes of the same inputs changes.
  recipe: 2,
  platform,
  node: process.versions.node,
  npm: '11.19.1',
  basePackages: ['base-files', 'ca-certificates', 'libc6', 'libgcc-s1', 'libstdc++6', 'tzdata'],
  buildPackages: ['busybox-static'],
});

/** Makes the images of one platform. */
export async function makeBaseImages(buildah: Buildah, platform: ImagePlatform): Promise<ImageIds> {
  const { npm, basePackages, buildPackages } = recipeOf(platform);
  const work = await mkdtemp(join(tmpdir(), 'base-images-'));
  const layer = (from: string, root: string) => commit(buildah, work, { platform, from, root });
  try {
    const base = join(work, 'base');
    await unpackDebianPackages(basePackages, join(work, 'base-debs'), base, platform);
    await finishRootFilesystem(base);
    const node = join(work, 'node');
    await addProgram(node, 'node', await nodeProgram(platform, work));
    const baseId = await layer('scratch', base);
    const nodeId = await layer(baseId, node);
    const ids = { BASE_IMAGE: baseId, NODE_IMAGE: nodeId };
    if (platform !== ownPlatform()) return ids;

    const build = join(work, 'build');
    await unpackDebianPackages(buildPackages, join(work, 'build-debs'), build);
    await linkApplets(build);
    await addNpm(build, await packNpm(`npm@${npm}`, work));
    return { ...ids, BUILD_IMAGE: await layer(nodeId, build) };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function addNpm(root: string, packed: string): Promise<void> {
  const modules = join(root, 'usr/local/lib/node_modules');
  await mkdir(modules, { recursive: true });
  await run(['tar', '-xzf', packed, '-C', modules]);
  await rename(join(modules, 'package'), join(modules, 'npm'));
  await link(root, 'usr/local/bin/npm', '../lib/node_modules/npm/bin/npm-cli.js');
}

interface Layer {
  readonly platform: ImagePlatform;
  readonly from: string;
  /** The files to add. */
  readonly root: string;
}

/** One layer on top of an image; the same files give the same id on every machine. */
async function commit(
  buildah: Buildah,
  work: string,
  { platform, from, root }: Layer,
): Promise<string> {
  const recipeFile = join(work, 'Containerfile');
  const idFile = join(work, 'id');
  const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  await writeFile(recipeFile, `FROM ${from}\nCOPY . /\nENV PATH=${path}\n`);
  const fixed = ['--timestamp', '0', '--identity-label=false', '--layers=false', '--pull=never'];
  await buildah([
    ...['bud', '--quiet', '--platform', platform, ...fixed],
    ...['--iidfile', idFile, '-f', recipeFile, root],
  ]);
  return (await readFile(idFile, 'utf8')).trim();
}
