import { join } from 'node:path';
import { type EnsuredImage, ensureImages } from '../../ci/src/images/ensure-images.ts';
import type { ImagePlatform } from '../../ci/src/images/platforms.ts';
import { type OpenRegistry, openRegistry } from '../../ci/src/registry/open-registry.ts';
import { imageNames } from '../../ci/src/services.ts';
import type { Revision } from '../../ci/src/source/git.ts';
import { readSourceTree } from '../../ci/src/source/source-tree.ts';
import type { Instance } from '../state.ts';
import { ensureBaseImages } from './base-images.ts';
import { openBuildah } from './buildah.ts';
import { createBuildahBuilder } from './buildah-builder.ts';

export interface PlatformImagesOptions {
  readonly instance: Instance;
  /** The repository's root. */
  readonly repository: string;
  /** As `--registry` takes it. */
  readonly registry: string;
  readonly revision: Revision;
  readonly platforms: readonly ImagePlatform[];
  readonly say: (text: string) => void;
}

/** What a deploy asks about images. */
interface PlatformImages {
  readonly ensureImages: (
    signal?: AbortSignal,
    /** Called with each service whose image is there now. */
    onImage?: (service: string) => void,
    /** Called with the tag of each service's image, before any is looked up. */
    onNamed?: (service: string, tag: string) => void,
  ) => Promise<readonly EnsuredImage[]>;
  readonly platformsOf: OpenRegistry['platformsOf'];
  readonly layersOf: OpenRegistry['layersOf'];
  readonly platforms: readonly ImagePlatform[];
}

/** Gives back what sees to all images of the platform, with buildah in place of Dagger's engine. */
export async function preparePlatformImages(
  options: PlatformImagesOptions,
): Promise<PlatformImages> {
  const { instance, repository, revision, platforms, say } = options;
  const { registry, client, platformsOf, layersOf } = await openRegistry({
    registry: options.registry,
  });
  const buildah = await openBuildah(join(instance.cacheFolder, 'images'));
  const bases = await ensureBaseImages(buildah, platforms, say);
  const logFile = join(instance.stateFolder, 'log', 'images.log');
  const ensure: PlatformImages['ensureImages'] = async (signal, onImage, onNamed) =>
    ensureImages({
      services: imageNames,
      registry,
      client,
      builder: createBuildahBuilder(buildah, { bases, logFile }),
      source: await readSourceTree(repository),
      revision,
      platforms,
      baseImages: bases.names,
      ...(signal ? { signal } : {}),
      ...(onImage ? { onImage } : {}),
      ...(onNamed ? { onNamed } : {}),
      say,
    });
  return { ensureImages: ensure, platformsOf, layersOf, platforms };
}
