import { AwsError } from '../errors.ts';
import { type Input, integer, text } from '../input.ts';
import { page } from '../paging.ts';
import { findImage } from './batch-get-image.ts';
import { ecrConstraints, type ImageId, imageIds, repositoryName } from './input.ts';
import type { Manifest } from './registry-client.ts';
import type { EcrService } from './service.ts';

interface Described {
  readonly manifest: Manifest;
  readonly tags: string[];
}

/**
 * Without `imagePushedAt`: the registry does not know it. Images without a tag are not listed, as the
 * registry cannot list them, but are found by digest.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html
 */
export async function describeImages(input: Input, ecr: EcrService): Promise<object> {
  const repository = ecr.repositories.get(repositoryName(input)).name;
  const ids = imageIds(input);
  const size = integer(input, 'maxResults') ?? 100;
  ecrConstraints().range('maxResults', size, 1, 1_000).throwIfAny();

  const tagged = await taggedImages(repository, ecr);
  const asked = ids ? await askedImages(repository, ids, tagged, ecr) : [...tagged.values()];
  const { items, nextToken } = page(asked, size, text(input, 'nextToken'));
  const imageDetails = await Promise.all(items.map((one) => detail(repository, one, ecr)));
  return { imageDetails, ...(nextToken === undefined ? {} : { nextToken }) };
}

async function taggedImages(repository: string, ecr: EcrService): Promise<Map<string, Described>> {
  const byDigest = new Map<string, Described>();
  const tags = await ecr.registry.tags(repository);
  const manifests = await Promise.all(tags.map((tag) => ecr.registry.manifest(repository, tag)));
  for (const [index, manifest] of manifests.entries()) {
    if (!manifest) continue;
    const described = byDigest.get(manifest.digest) ?? { manifest, tags: [] };
    described.tags.push(tags[index] ?? '');
    byDigest.set(manifest.digest, described);
  }
  return byDigest;
}

async function askedImages(
  repository: string,
  ids: readonly ImageId[],
  tagged: ReadonlyMap<string, Described>,
  ecr: EcrService,
): Promise<Described[]> {
  const found = new Map<string, Described>();
  for (const id of ids) {
    const { manifest } = await findImage(repository, id, ecr);
    if (!manifest) throw notFound(repository, id, ecr.account);
    found.set(manifest.digest, tagged.get(manifest.digest) ?? { manifest, tags: [] });
  }
  return [...found.values()];
}

async function detail(
  repository: string,
  { manifest, tags }: Described,
  ecr: EcrService,
): Promise<object> {
  return {
    registryId: ecr.account,
    repositoryName: repository,
    imageDigest: manifest.digest,
    ...(tags.length > 0 ? { imageTags: tags } : {}),
    imageSizeInBytes: await imageSize(repository, manifest, ecr),
    imageManifestMediaType: manifest.mediaType,
  };
}

interface ManifestBody {
  readonly config?: { readonly size?: number };
  readonly layers?: readonly { readonly size?: number }[];
  readonly manifests?: readonly { readonly digest: string }[];
}

/** Compressed size; of an index the largest of its images, as ECR has it. */
async function imageSize(repository: string, manifest: Manifest, ecr: EcrService): Promise<number> {
  const body = JSON.parse(manifest.text) as ManifestBody;
  if (body.manifests) {
    const sizes = body.manifests.map(async ({ digest }) => {
      const child = await ecr.registry.manifest(repository, digest);
      return child ? imageSize(repository, child, ecr) : 0;
    });
    return Math.max(0, ...(await Promise.all(sizes)));
  }
  let bytes = body.config?.size ?? 0;
  for (const layer of body.layers ?? []) bytes += layer.size ?? 0;
  return bytes;
}

function notFound(repository: string, id: ImageId, account: string): AwsError {
  const { imageDigest = 'null', imageTag = 'null' } = id;
  return new AwsError(
    'ImageNotFoundException',
    `The image with imageId {imageDigest:'${imageDigest}', imageTag:'${imageTag}'} does not exist within the repository with name '${repository}' in the registry with id '${account}'`,
  );
}
