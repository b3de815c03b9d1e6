import { RegistryError } from '../registry/registry-error.ts';
import type { EnsuredImage } from './ensure-images.ts';

export interface ImageFailure {
  readonly service: string;
  readonly reason: unknown;
}

/** Some images could not be built or pushed; names each service, and none hides another. */
export class ImagesFailed extends Error {
  override readonly name = 'ImagesFailed';
  readonly code = 'IMAGES_FAILED';
  readonly failures: readonly ImageFailure[];
  /** The images that are there none the less. */
  readonly images: readonly EnsuredImage[];

  constructor(failures: readonly ImageFailure[], images: readonly EnsuredImage[]) {
    const count = failures.length + images.length;
    const parts = failures.map(({ service, reason }) => `${service}: ${textOf(reason)}`);
    super(`${failures.length} of ${count} images failed\n${parts.join('\n')}`);
    this.failures = failures;
    this.images = images;
  }
}

/** The error that failures mean: what a registry says of every image alike is said once. */
export function errorOfFailures(
  failures: readonly ImageFailure[],
  images: readonly EnsuredImage[],
): Error {
  const [first] = failures.map(({ reason }) => reason);
  const isCommon = ({ reason }: ImageFailure) =>
    first instanceof RegistryError && reason instanceof RegistryError && reason.code === first.code;
  if (first instanceof RegistryError && images.length === 0 && failures.every(isCommon)) {
    return first;
  }
  return new ImagesFailed(failures, images);
}

const textOf = (reason: unknown) => (reason instanceof Error ? reason.message : String(reason));
