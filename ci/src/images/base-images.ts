import { formatReference, parseReference } from '../registry/reference.ts';
import type { RegistryClient } from '../registry/registry-client.ts';
import { RegistryError } from '../registry/registry-error.ts';

/** The images that `services/Dockerfile` starts from, by its build arguments. */
export interface BaseImages {
  /** Has npm; runs on the machine that builds. */
  readonly BUILD_IMAGE: string;
  /** Gives its `node`, for the platform that the image is built for. */
  readonly NODE_IMAGE: string;
  /** What the service's image stands on: no npm, no shell. */
  readonly BASE_IMAGE: string;
}

const names = ['BUILD_IMAGE', 'NODE_IMAGE', 'BASE_IMAGE'] as const;

/** The Dockerfile says which images it starts from and leaves no doubt about it. */
export class BaseImageMissing extends Error {
  override readonly name = 'BaseImageMissing';
  readonly code = 'BASE_IMAGE_MISSING';
}

/** The defaults that stand in the Dockerfile. */
export function baseImagesIn(dockerfile: string): BaseImages {
  const found = names.map((name) => {
    const value = new RegExp(`^ARG ${name}=(\\S+)$`, 'm').exec(dockerfile)?.[1];
    if (value === undefined) {
      throw new BaseImageMissing(`services/Dockerfile: expected a line ARG ${name}=<image>`);
    }
    return [name, value] as const;
  });
  return Object.fromEntries(found) as unknown as BaseImages;
}

/** The same images by digest, so that what is built is what the tag says. */
export async function pinBaseImages(
  images: BaseImages,
  client: RegistryClient,
  signal?: AbortSignal,
): Promise<BaseImages> {
  const digests = new Map<string, Promise<string>>();
  const pin = (name: string): Promise<string> => {
    const known = digests.get(name) ?? pinOne(name, client, signal);
    digests.set(name, known);
    return known;
  };
  const pinned = names.map(async (name) => [name, await pin(images[name])] as const);
  return Object.fromEntries(await Promise.all(pinned)) as unknown as BaseImages;
}

/** The digests alone: where an image lies says nothing about what is in it. */
export function digestsOf(pinned: BaseImages): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, parseReference(pinned[name]).digest ?? '']));
}

async function pinOne(name: string, client: RegistryClient, signal?: AbortSignal): Promise<string> {
  const image = parseReference(name);
  if (image.digest !== undefined) return name;
  const digest = await client.resolve(image, signal);
  if (digest === undefined) {
    throw new RegistryError('REGISTRY_NOT_FOUND', `base image ${name} is not there`, 404);
  }
  const { tag: _, ...untagged } = image;
  return formatReference({ ...untagged, digest });
}
