import type { Input } from '../input.ts';
import { ecrConstraints, type ImageId, imageIds, repositoryName } from './input.ts';
import type { Manifest } from './registry-client.ts';
import type { EcrService } from './service.ts';

const digestForm = /^sha256:[0-9a-f]{64}$/;

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html */
export async function batchGetImage(input: Input, ecr: EcrService): Promise<object> {
  const repository = ecr.repositories.get(repositoryName(input)).name;
  const ids = imageIds(input);
  ecrConstraints().required('imageIds', ids).throwIfAny();
  const images: object[] = [];
  const failures: object[] = [];
  const looked = await Promise.all((ids ?? []).map((id) => findImage(repository, id, ecr)));
  for (const { id, manifest, failure } of looked) {
    if (failure) failures.push({ imageId: id, ...failure });
    if (manifest) {
      images.push({
        registryId: ecr.account,
        repositoryName: repository,
        imageId: { ...id, imageDigest: manifest.digest },
        imageManifest: manifest.text,
        imageManifestMediaType: manifest.mediaType,
      });
    }
  }
  return { images, failures };
}

interface Found {
  readonly id: ImageId;
  readonly manifest?: Manifest;
  readonly failure?: { readonly failureCode: string; readonly failureReason: string };
}

/** An image by tag, digest or both, or why it is not to be had. */
export async function findImage(repository: string, id: ImageId, ecr: EcrService): Promise<Found> {
  const { imageTag, imageDigest } = id;
  const reference = imageTag ?? imageDigest;
  if (reference === undefined) {
    return fail(
      id,
      'MissingDigestAndTag',
      'Invalid request parameters: both tag and digest cannot be null',
    );
  }
  if (imageDigest !== undefined && !digestForm.test(imageDigest)) {
    return fail(
      id,
      'InvalidImageDigest',
      'Invalid request parameters: image digest should satisfy the regex',
    );
  }
  const manifest = await ecr.registry.manifest(repository, reference);
  if (!manifest) return fail(id, 'ImageNotFound', 'Requested image not found');
  if (imageDigest !== undefined && manifest.digest !== imageDigest) {
    return fail(id, 'ImageTagDoesNotMatchDigest', 'The tag does not name the image of that digest');
  }
  return { id, manifest };
}

function fail(id: ImageId, failureCode: string, failureReason: string): Found {
  return { id, failure: { failureCode, failureReason } };
}
