import type { RegistryClient } from '../registry/registry-client.ts';
import type { Revision } from '../source/git.ts';
import { type BuildContext, sourceTag } from '../source/source-digest.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { type BaseImages, baseImagesIn, digestsOf, pinBaseImages } from './base-images.ts';

/** What an image is called and built with. */
export interface ImagePlan {
  /** The `src-…` tag, which names the image by its inputs. */
  readonly tag: string;
  /** All build arguments of `services/Dockerfile` but the platform's. */
  readonly buildArgs: Readonly<Record<string, string>>;
}

/** The base images that the Dockerfile or the caller names, each by its present digest. */
export function pinBases(
  source: SourceTree,
  overrides: Partial<BaseImages>,
  client: RegistryClient,
  signal?: AbortSignal,
): Promise<BaseImages> {
  const wanted = { ...baseImagesIn(source.text('services/Dockerfile')), ...overrides };
  return pinBaseImages(wanted, client, signal);
}

/** What an image depends on besides the repository. */
export const buildContext = ({
  platforms,
  bases,
}: {
  readonly platforms: readonly string[];
  readonly bases: BaseImages;
}): BuildContext => ({ platforms, buildArgs: digestsOf(bases) });

/** Plans the image of one service; the same inputs give the same plan wherever it is made. */
export function planImage(
  service: string,
  {
    source,
    bases,
    platforms,
    revision,
  }: {
    readonly source: SourceTree;
    readonly bases: BaseImages;
    readonly platforms: readonly string[];
    readonly revision: Revision;
  },
): ImagePlan {
  const tag = sourceTag(source, service, buildContext({ platforms, bases }));
  const buildArgs = {
    ...bases,
    SERVICE: service,
    SOURCE_DIGEST: tag,
    GIT_COMMIT: revision.commit,
  };
  return { tag, buildArgs };
}
