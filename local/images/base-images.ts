import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BaseImages } from '../../ci/src/images/base-images.ts';
import { formatReference, imageIn, type Registry } from '../../ci/src/registry/reference.ts';
import type { RegistryClient } from '../../ci/src/registry/registry-client.ts';
import { run } from '../run.ts';
import type { Buildah } from './buildah.ts';
import {
  addProgram,
  finishRootFilesystem,
  link,
  linkApplets,
  unpackDebianPackages,
} from './root-filesystem.ts';

export interface BaseImageInputs {
  /** The `node` program that goes into the images, and its version. */
  readonly nodeProgram: string;
  readonly nodeVersion: string;
  readonly say: (text: string) => void;
}

/** The images' ids in buildah's storage. */
type ImageIds = Readonly<Record<keyof BaseImages, string>>;

// To be raised when what this file makes of the same inputs changes.
const recipe = 1;
const npmVersion = '11.19.1';
const basePackages = [
  'base-files',
  'ca-certificates',
  'libc6',
  'libgcc-s1',
  'libstdc++6',
  'tzdata',
];
const buildPackages = ['busybox-static'];

/**
 * The images that `services/Dockerfile` starts from, made of Debian's packages, the `node` package
 * and npm; made once, and pushed wherever they are not yet.
 */
export async function ensureBaseImages(
  buildah: Buildah,
  registry: Registry,
  client: RegistryClient,
  inputs: BaseImageInputs,
): Promise<BaseImages> {
  const ids = (await madeBefore(buildah, inputs)) ?? (await make(buildah, inputs));
  const names = Object.entries(ids).map(async ([argument, id]) => {
    const image = imageIn(
      registry,
      repositories[argument as keyof BaseImages],
      `img-${id.slice(7, 39)}`,
    );
    const there = await client.resolve(image);
    const digest = there ?? (await push(buildah, id, formatReference(image)));
    const { tag: _, ...untagged } = image;
    return [argument, formatReference({ ...untagged, digest })] as const;
  });
  return Object.fromEntries(await Promise.all(names)) as unknown as BaseImages;
}

const repositories = {
  BUILD_IMAGE: 'base/build',
  NODE_IMAGE: 'base/node',
  BASE_IMAGE: 'base/base',
} as const satisfies Record<keyof BaseImages, string>;

async function push(buildah: Buildah, id: string, name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'push-'));
  try {
    const file = join(folder, 'digest');
    const options = [
      '--quiet',
      '--disable-compression',
      '--tls-verify=false',
      '--digestfile',
      file,
    ];
    await buildah(['push', ...options, id, `docker://${name}`]);
    return (await readFile(file, 'utf8')).trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const recordFile = (buildah: Buildah, { nodeVersion }: BaseImageInputs) => {
  const made = JSON.stringify([
    recipe,
    process.arch,
    nodeVersion,
    npmVersion,
    basePackages,
    buildPackages,
  ]);
  const key = createHash('sha256').update(made).digest('hex').slice(0, 16);
  return join(buildah.folder, `base-${key}.json`);
};

async function madeBefore(
  buildah: Buildah,
  inputs: BaseImageInputs,
): Promise<ImageIds | undefined> {
  const text = await readFile(recordFile(buildah, inputs), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const ids = JSON.parse(text) as ImageIds;
  const present = await buildah(['images', '--all', '--quiet', '--no-trunc']);
  const known = new Set(present.split('\n'));
  return Object.values(ids).every((id) => known.has(id)) ? ids : undefined;
}

async function make(buildah: Buildah, inputs: BaseImageInputs): Promise<ImageIds> {
  inputs.say(`making base images from Debian packages and node ${inputs.nodeVersion}`);
  const work = await mkdtemp(join(tmpdir(), 'base-images-'));
  try {
    const base = join(work, 'base');
    await unpackDebianPackages(basePackages, join(work, 'base-debs'), base);
    await finishRootFilesystem(base);
    const node = join(work, 'node');
    await addProgram(node, 'node', inputs.nodeProgram);
    const build = join(work, 'build');
    await unpackDebianPackages(buildPackages, join(work, 'build-debs'), build);
    await linkApplets(build);
    await addNpm(build, work);

    const baseId = await commit(buildah, work, 'scratch', base);
    const nodeId = await commit(buildah, work, baseId, node);
    const ids = {
      BASE_IMAGE: baseId,
      NODE_IMAGE: nodeId,
      BUILD_IMAGE: await commit(buildah, work, nodeId, build),
    };
    const record = recordFile(buildah, inputs);
    await writeFile(`${record}.new`, JSON.stringify(ids));
    await rename(`${record}.new`, record);
    return ids;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function addNpm(root: string, work: string): Promise<void> {
  const modules = join(root, 'usr/local/lib/node_modules');
  await mkdir(modules, { recursive: true });
  const packed = await run(
    ['npm', 'pack', '--silent', '--pack-destination', work, `npm@${npmVersion}`],
    {
      cwd: work,
      timeoutMs: 120_000,
    },
  );
  await run(['tar', '-xzf', join(work, packed.trim()), '-C', modules]);
  await rename(join(modules, 'package'), join(modules, 'npm'));
  await link(root, 'usr/local/bin/npm', '../lib/node_modules/npm/bin/npm-cli.js');
}

/** One layer on top of an image; the same files give the same id on every machine. */
async function commit(buildah: Buildah, work: string, from: string, root: string): Promise<string> {
  const recipeFile = join(work, 'Containerfile');
  const idFile = join(work, 'id');
  const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  await writeFile(recipeFile, `FROM ${from}\nCOPY . /\nENV PATH=${path}\n`);
  const fixed = ['--timestamp', '0', '--identity-label=false', '--layers=false', '--pull=never'];
  await buildah(['bud', '--quiet', ...fixed, '--iidfile', idFile, '-f', recipeFile, root]);
  return (await readFile(idFile, 'utf8')).trim();
}
