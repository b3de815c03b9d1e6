import { imageIn, type Registry, repositoryOf } from '../registry/reference.ts';
import type { RegistryClient } from '../registry/registry-client.ts';
import { inputGroups } from '../source/input-groups.ts';
import { sourceTag } from '../source/source-digest.ts';
import type { SourceTree } from '../source/source-tree.ts';
import type { BaseImages } from './base-images.ts';
import { buildContext, pinBases } from './plan-image.ts';

export interface FindImagesRequest {
  readonly services: readonly string[];
  readonly registry: Registry;
  readonly client: RegistryClient;
  readonly source: SourceTree;
  /** Such as `linux/amd64`. */
  readonly platforms: readonly string[];
  /** Throws if the registry lacks places for images, and makes none by itself. */
  readonly requireRepositories?: (services: readonly string[]) => Promise<void>;
  /** In place of the Dockerfile's defaults. */
  readonly baseImages?: Partial<BaseImages>;
}

/** Where a service's image is, or would be. */
export interface FoundImage {
  readonly service: string;
  /** `host[:port]/path`, without a tag. */
  readonly repository: string;
  /** The `src-…` tag. */
  readonly tag: string;
  /** Absent if the registry has no such image. */
  readonly digest?: string;
  /** What the tag is made of, in few words. */
  readonly inputs: readonly string[];
}

/** Looks up every service's image by its inputs; builds and names nothing. */
export async function findImages(request: FindImagesRequest): Promise<readonly FoundImage[]> {
  const { services, source, platforms, registry, client } = request;
  await request.requireRepositories?.(services);
  const bases = await pinBases(source, request.baseImages ?? {}, client);
  const context = buildContext({ platforms, bases });
  return Promise.all(
    services.map(async (service) => {
      const tag = sourceTag(source, service, context);
      const digest = await client.resolve(imageIn(registry, service, tag));
      return {
        service,
        repository: repositoryOf(registry, service),
        tag,
        ...(digest === undefined ? {} : { digest }),
        inputs: inputGroups(source, service, context),
      };
    }),
  );
}
