import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BaseImages } from '../../ci/src/images/base-images.ts';
import type { ImagePlatform } from '../../ci/src/images/platforms.ts';
import type { Buildah } from './buildah.ts';
import { type ImageIds, makeBaseImages, recipeOf } from './make-base-images.ts';
import { ownPlatform } from './own-platform.ts';

/** The images that `services/Dockerfile` starts from, as buildah's storage has them. */
export interface LocalBaseImages {
  /** Names by content: the digests are over the ids of all platforms. No registry has them. */
  readonly names: BaseImages;
  /** The image of one platform that a name stands for; undefined if it is none of these. */
  idOf(name: string, platform: string): string | undefined;
}

/**
 * Makes the base images of Debian's packages, the `node` package and npm, once for each platform;
 * for another platform than the machine's own nothing is executed.
 */
export async function ensureBaseImages(
  buildah: Buildah,
  platforms: readonly ImagePlatform[],
  say: (text: string) => void,
): Promise<LocalBaseImages> {
  const made = new Map<string, ImageIds>();
  for (const platform of new Set([ownPlatform(), ...platforms])) {
    made.set(platform, await ensure(buildah, platform, say));
  }
  const { BUILD_IMAGE: buildId = '' } = made.get(ownPlatform()) ?? {};
  const nameOf = (argument: 'NODE_IMAGE' | 'BASE_IMAGE') =>
    named(
      argument,
      platforms.map((platform) => made.get(platform)?.[argument] ?? ''),
    );
  const names = {
    BUILD_IMAGE: named('BUILD_IMAGE', [buildId]),
    NODE_IMAGE: nameOf('NODE_IMAGE'),
    BASE_IMAGE: nameOf('BASE_IMAGE'),
  };
  return {
    names,
    idOf: (name, platform) => {
      if (name === names.BUILD_IMAGE) return buildId;
      if (name === names.NODE_IMAGE) return made.get(platform)?.NODE_IMAGE;
      return name === names.BASE_IMAGE ? made.get(platform)?.BASE_IMAGE : undefined;
    },
  };
}

function named(argument: keyof BaseImages, ids: readonly string[]): string {
  const digest = createHash('sha256')
    .update([...new Set(ids)].sort().join('\n'))
    .digest('hex');
  return `localhost/${argument.toLowerCase()}@sha256:${digest}`;
}

async function ensure(
  buildah: Buildah,
  platform: ImagePlatform,
  say: (text: string) => void,
): Promise<ImageIds> {
  const recipe = JSON.stringify(recipeOf(platform));
  const key = createHash('sha256').update(recipe).digest('hex').slice(0, 16);
  const record = join(buildah.folder, `base-${key}.json`);
  const before = await madeBefore(buildah, record);
  if (before) return before;
  say(`making base images for ${platform} from Debian packages and node ${process.versions.node}`);
  const ids = await makeBaseImages(buildah, platform);
  await writeFile(`${record}.new`, JSON.stringify(ids));
  await rename(`${record}.new`, record);
  return ids;
}

async function madeBefore(buildah: Buildah, record: string): Promise<ImageIds | undefined> {
  const text = await readFile(record, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const ids = JSON.parse(text) as ImageIds;
  const present = await buildah(['images', '--all', '--quiet', '--no-trunc']);
  const known = new Set(present.split('\n'));
  return Object.values(ids).every((id) => known.has(id)) ? ids : undefined;
}
