import type { Registry } from '../registry/reference.ts';
import type { RegistryClient } from '../registry/registry-client.ts';
import type { Revision } from '../source/git.ts';
import type { SourceTree } from '../source/source-tree.ts';
import type { BaseImages } from './base-images.ts';
import type { ImageBuilder } from './image-builder.ts';

export interface EnsureImagesRequest {
  readonly services: readonly string[];
  readonly registry: Registry;
  readonly client: RegistryClient;
  readonly builder: ImageBuilder;
  readonly source: SourceTree;
  readonly revision: Revision;
  /** Such as `linux/amd64`. */
  readonly platforms: readonly string[];
  /** In place of the Dockerfile's defaults. */
  readonly baseImages?: Partial<BaseImages>;
  readonly now?: () => Date;
  readonly signal?: AbortSignal;
  /** Called with one short line for each image that is built. */
  readonly say?: (line: string) => void;
}

export interface EnsuredImage {
  readonly service: string;
  /** `host[:port]/path`, without a tag. */
  readonly repository: string;
  /** The `src-…` tag. */
  readonly tag: string;
  readonly digest: string;
  /** Whether this call built it; false if the registry had it. */
  readonly built: boolean;
  readonly seconds: number;
}

/** Sees to it that every service's image is in the registry, builds those that are not, all at once. */
export async function ensureImages(request: EnsureImagesRequest): Promise<readonly EnsuredImage[]> {
  throw new Error(`not yet: ${request.services.join(' ')}`);
}
