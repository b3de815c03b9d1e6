import { BatchGetImageCommand, DescribeImagesCommand, PutImageCommand } from '@aws-sdk/client-ecr';
import test from 'ava';
import type { RepositoryOptions } from '../../../local/aws/ecr/repositories.ts';
import { repositoryName, testEcr } from './helpers/test-ecr.ts';
import { digest } from './helpers/test-registry.ts';

test('put – the same image again – already exists', async (t) => {
  const { registry, put } = await testEcr(t);
  const image = await registry.image(repositoryName, 'one');
  await put(image, 'src-1');
  await t.throwsAsync(put(image, 'src-1'), { name: 'ImageAlreadyExistsException' });
});

const rules: readonly [string, Partial<RepositoryOptions>, string, boolean][] = [
  ['mutable', {}, 'latest', true],
  ['immutable', { tagMutability: 'IMMUTABLE' }, 'src-1', false],
  [
    'immutable but for this tag',
    { tagMutability: 'IMMUTABLE_WITH_EXCLUSION', exclusions: ['cache-*'] },
    'cache-1',
    true,
  ],
  [
    'immutable but for others',
    { tagMutability: 'IMMUTABLE_WITH_EXCLUSION', exclusions: ['cache-*'] },
    'src-1',
    false,
  ],
  [
    'mutable but for this tag',
    { tagMutability: 'MUTABLE_WITH_EXCLUSION', exclusions: ['src-*'] },
    'src-1',
    false,
  ],
  [
    'mutable but for others',
    { tagMutability: 'MUTABLE_WITH_EXCLUSION', exclusions: ['src-*'] },
    'latest',
    true,
  ],
];

for (const [what, repository, tag, allowed] of rules) {
  test(`put – another image under a tag, ${what} – ${allowed ? 'moves the tag' : 'is refused'}`, async (t) => {
    const { ecr, registry, put } = await testEcr(t, repository);
    const [one, two] = [
      await registry.image(repositoryName, 'one'),
      await registry.image(repositoryName, 'two'),
    ];
    await put(one, tag);
    const expected = allowed ? two.digest : one.digest;
    if (allowed) await put(two, tag);
    else
      await t.throwsAsync(put(two, tag), {
        name: 'ImageTagAlreadyExistsException',
        message: /immutable/,
      });
    const { images } = await ecr.send(
      new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag: tag }] }),
    );
    t.is(images?.[0]?.imageId?.imageDigest, expected);
  });
}

test('put – a digest that is not the manifest’s – is refused', async (t) => {
  const { ecr, registry } = await testEcr(t);
  const { manifest } = await registry.image(repositoryName, 'one');
  const input = {
    repositoryName,
    imageManifest: manifest,
    imageDigest: digest('other'),
    imageTag: 'x',
  };
  await t.throwsAsync(ecr.send(new PutImageCommand(input)), {
    name: 'ImageDigestDoesNotMatchException',
  });
});

test('put – a manifest whose layers were not pushed – is refused', async (t) => {
  const { ecr, registry } = await testEcr(t);
  const { manifest } = await registry.image(repositoryName, 'one');
  const lost = JSON.parse(manifest);
  lost.layers[0].digest = digest('never pushed');
  const input = { repositoryName, imageManifest: JSON.stringify(lost), imageTag: 'x' };
  await t.throwsAsync(ecr.send(new PutImageCommand(input)), { name: 'LayersNotFoundException' });
});

test('put – an index – is stored, and refused when an image of it is missing', async (t) => {
  const { ecr, registry, put } = await testEcr(t);
  const image = await registry.image(repositoryName, 'one');
  const index = (of: string) =>
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: [
        {
          mediaType: image.mediaType,
          digest: of,
          size: image.manifest.length,
          platform: { architecture: 'amd64', os: 'linux' },
        },
      ],
    });
  const send = (imageManifest: string) =>
    ecr.send(new PutImageCommand({ repositoryName, imageManifest, imageTag: 'index' }));
  await t.throwsAsync(send(index(digest('nothing'))), {
    name: 'ReferencedImagesNotFoundException',
  });
  await put(image, 'src-1');
  await send(index(image.digest));
  const described = await ecr.send(
    new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: 'index' }] }),
  );
  t.is(described.imageDetails?.[0]?.imageSizeInBytes, image.bytes, 'of its largest image');
});

test('put – what is no manifest – is refused', async (t) => {
  const { ecr } = await testEcr(t);
  for (const imageManifest of ['{', '{}', 'null']) {
    const call = ecr.send(new PutImageCommand({ repositoryName, imageManifest }));
    await t.throwsAsync(call, { name: 'InvalidParameterException', message: /ImageManifest/ });
  }
});
