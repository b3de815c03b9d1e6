import { AwsError } from '../errors.ts';
import { type Input, text } from '../input.ts';
import { ecrConstraints, repositoryName } from './input.ts';
import { digestOf, type Manifest } from './registry-client.ts';
import { isImmutable } from './repositories.ts';
import type { EcrService } from './service.ts';

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImage.html */
export async function putImage(input: Input, ecr: EcrService): Promise<object> {
  const repository = ecr.repositories.get(repositoryName(input));
  const given = text(input, 'imageManifest');
  const tag = text(input, 'imageTag');
  const expected = text(input, 'imageDigest');
  ecrConstraints()
    .required('imageManifest', given)
    .length('imageManifest', given, 1, 4_194_304)
    .length('imageTag', tag, 1, 300)
    .throwIfAny();
  const manifest = readManifest(given ?? '', text(input, 'imageManifestMediaType'));
  const { digest } = manifest;
  if (expected !== undefined && expected !== digest) {
    throw new AwsError(
      'ImageDigestDoesNotMatchException',
      `The digest of the image is '${digest}', not '${expected}' as given.`,
    );
  }

  const reference = tag ?? digest;
  const before = await ecr.registry.manifest(repository.name, reference);
  if (before?.digest === digest) {
    throw new AwsError(
      'ImageAlreadyExistsException',
      `Image with digest '${digest}' and tag '${tag ?? null}' already exists in the repository with name '${repository.name}' in registry with id '${ecr.account}'`,
    );
  }
  if (before && tag !== undefined && isImmutable(repository, tag)) {
    throw new AwsError(
      'ImageTagAlreadyExistsException',
      `The image tag '${tag}' already exists in the '${repository.name}' repository and cannot be overwritten because the tag is immutable.`,
    );
  }
  const refusal = await ecr.registry.putManifest(repository.name, reference, manifest);
  if (refusal) throw refused(refusal, manifest);
  return {
    image: {
      registryId: ecr.account,
      repositoryName: repository.name,
      imageId: { imageDigest: digest, ...(tag === undefined ? {} : { imageTag: tag }) },
      imageManifest: manifest.text,
      imageManifestMediaType: manifest.mediaType,
    },
  };
}

function readManifest(given: string, mediaType: string | undefined): Manifest {
  let body: { mediaType?: unknown };
  try {
    body = JSON.parse(given) as { mediaType?: unknown };
  } catch {
    throw invalidManifest('Invalid JSON syntax');
  }
  const type = mediaType ?? body?.mediaType;
  if (typeof type !== 'string') {
    throw invalidManifest('The mediaType must be in the manifest or in imageManifestMediaType');
  }
  return { digest: digestOf(given), mediaType: type, text: given };
}

function refused(code: string, manifest: Manifest): AwsError {
  const isIndex = /index|list/.test(manifest.mediaType);
  if (code === 'MANIFEST_BLOB_UNKNOWN' || code === 'BLOB_UNKNOWN' || code === 'MANIFEST_UNKNOWN') {
    return isIndex
      ? new AwsError(
          'ReferencedImagesNotFoundException',
          'A manifest of the index is not in the repository.',
        )
      : new AwsError(
          'LayersNotFoundException',
          'A layer of the manifest is not in the repository.',
        );
  }
  return invalidManifest(code);
}

const invalidManifest = (constraint: string) =>
  new AwsError(
    'InvalidParameterException',
    `Invalid parameter at 'ImageManifest' failed to satisfy constraint: '${constraint}'`,
  );
