import type { CredentialsOf } from '../registry/credentials.ts';
import { imageIn, type Registry, repositoryOf } from '../registry/reference.ts';
import type { RegistryClient } from '../registry/registry-client.ts';
import type { Revision } from '../source/git.ts';
import type { SourceTree } from '../source/source-tree.ts';
import type { BaseImages } from './base-images.ts';
import type { ImageBuilder } from './image-builder.ts';
import { errorOfFailures, type ImageFailure } from './images-failed.ts';
import { labelsOf } from './labels.ts';
import { type ImagePlan, pinBases, planImage } from './plan-image.ts';

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
  /** Throws if the registry lacks places for images, and makes none by itself. */
  readonly requireRepositories?: (services: readonly string[]) => Promise<void>;
  /** Handed on to the builder, which pushes. */
  readonly credentialsOf?: CredentialsOf;
  readonly now?: () => Date;
  readonly signal?: AbortSignal;
  /** Called with the tag of each service's image, before any is looked up. */
  readonly onNamed?: (service: string, tag: string) => void;
  /** Called with each service whose image is there now. */
  readonly onImage?: (service: string) => void;
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

/**
 * Sees to it that every service's image is in the registry: builds those that are not, all at once,
 * and names each by the commit too unless the tree is dirty. Fails with `ImagesFailed`, or
 * with the registry's error if that is the same for all.
 */
export async function ensureImages(request: EnsureImagesRequest): Promise<readonly EnsuredImage[]> {
  const { services, client, source, signal } = request;
  await request.requireRepositories?.(services);
  const bases = await pinBases(source, request.baseImages ?? {}, client, signal);
  const outcomes = await Promise.allSettled(
    services.map((service) => ensureImage(request, bases, service)),
  );
  const images: EnsuredImage[] = [];
  const failures: ImageFailure[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.status === 'fulfilled') images.push(outcome.value);
    else failures.push({ service: services[index] ?? '', reason: outcome.reason });
  }
  if (failures.length > 0) throw errorOfFailures(failures, images);
  return images;
}

async function ensureImage(
  request: EnsureImagesRequest,
  bases: BaseImages,
  service: string,
): Promise<EnsuredImage> {
  const { registry, client, revision, signal } = request;
  const startedAt = performance.now();
  const plan = planImage(service, { ...request, bases });
  request.onNamed?.(service, plan.tag);
  const image = imageIn(registry, service, plan.tag);
  const there = await client.resolve(image, signal);
  const digest = there ?? (await build(request, service, plan));
  if (!revision.dirty) await client.tagOnce({ ...image, digest }, revision.commit, signal);
  request.onImage?.(service);
  return {
    service,
    repository: repositoryOf(registry, service),
    tag: plan.tag,
    digest,
    built: there === undefined,
    seconds: Math.round(performance.now() - startedAt) / 1_000,
  };
}

async function build(
  request: EnsureImagesRequest,
  service: string,
  { tag, buildArgs }: ImagePlan,
): Promise<string> {
  const { registry, revision, signal, platforms } = request;
  const credentials = request.credentialsOf?.(registry.host);
  request.say?.(`${service}: building ${tag}`);
  const { digest } = await request.builder.publish({
    service,
    repository: repositoryOf(registry, service),
    tag,
    labels: labelsOf(service, revision, (request.now ?? (() => new Date()))()),
    buildArgs,
    platforms,
    sourceFolder: request.source.folder,
    plainHttp: registry.origin.startsWith('http:'),
    ...(credentials ? { credentials } : {}),
    ...(signal ? { signal } : {}),
  });
  // Another run may have pushed the same tag meanwhile; whoever comes next will find what is there now.
  return (await request.client.resolve(imageIn(registry, service, tag), signal)) ?? digest;
}
