import { type AddressInfo, createServer } from 'node:net';
import {
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  GetAuthorizationTokenCommand,
  PutImageCommand,
  paginateDescribeRepositories,
} from '@aws-sdk/client-ecr';
import test from 'ava';
import { testAws } from './helpers/test-aws.ts';
import { repositoryName, testEcr } from './helpers/test-ecr.ts';
import { digest } from './helpers/test-registry.ts';

test('token – asked for – is user AWS with the password, for twelve hours', async (t) => {
  const { ecr, registry } = await testEcr(t);
  const { authorizationData = [] } = await ecr.send(new GetAuthorizationTokenCommand({}));
  const [data] = authorizationData;
  t.is(Buffer.from(data?.authorizationToken ?? '', 'base64').toString(), 'AWS:of-a-test');
  t.is(data?.proxyEndpoint, registry.url);
  const hours = ((data?.expiresAt?.getTime() ?? 0) - Date.now()) / 3_600_000;
  t.true(hours > 11.9 && hours <= 12, `${hours}`);
});

test('repositories – created – are described, and their names are taken', async (t) => {
  const { ecr, registry } = await testEcr(t);
  const create = new CreateRepositoryCommand({
    repositoryName: 'whatsthecraic/new',
    imageTagMutability: 'IMMUTABLE',
  });
  const { repository } = await ecr.send(create);
  t.like(repository, {
    repositoryArn: 'arn:aws:ecr:eu-west-1:000000000000:repository/whatsthecraic/new',
    repositoryUri: `${registry.url.slice('http://'.length)}/whatsthecraic/new`,
    imageTagMutability: 'IMMUTABLE',
  });
  await t.throwsAsync(ecr.send(create), { name: 'RepositoryAlreadyExistsException' });
  const found = await ecr.send(
    new DescribeRepositoriesCommand({ repositoryNames: ['whatsthecraic/new'] }),
  );
  t.deepEqual(found.repositories, [repository]);
  const seen: (string | undefined)[] = [];
  for await (const page of paginateDescribeRepositories({ client: ecr, pageSize: 1 }, {})) {
    seen.push(...(page.repositories ?? []).map((one) => one.repositoryName));
  }
  t.deepEqual(seen, [repositoryName, 'whatsthecraic/new']);
});

test('repositories – an unknown one – is refused by every action', async (t) => {
  const { ecr } = await testEcr(t);
  const unknown = { repositoryName: 'whatsthecraic/none' };
  const expected = { name: 'RepositoryNotFoundException', message: /whatsthecraic\/none/ };
  await t.throwsAsync(
    ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [unknown.repositoryName] })),
    expected,
  );
  await t.throwsAsync(ecr.send(new DescribeImagesCommand(unknown)), expected);
  await t.throwsAsync(
    ecr.send(new BatchGetImageCommand({ ...unknown, imageIds: [{ imageTag: 'x' }] })),
    expected,
  );
  await t.throwsAsync(ecr.send(new PutImageCommand({ ...unknown, imageManifest: '{}' })), expected);
});

test('repositories – a bad name – is refused', async (t) => {
  const { ecr } = await testEcr(t);
  const call = ecr.send(new CreateRepositoryCommand({ repositoryName: 'Not/Lower' }));
  await t.throwsAsync(call, { name: 'InvalidParameterException', message: /repositoryName/ });
});

test('image – put and got by tag and by digest – is the registry’s own', async (t) => {
  const { ecr, registry, put } = await testEcr(t);
  const image = await registry.image(repositoryName, 'one');
  await put(image, 'src-1');
  const stored = await fetch(`${registry.url}/v2/${repositoryName}/manifests/src-1`, {
    headers: { accept: image.mediaType },
  });
  t.is(stored.headers.get('docker-content-digest'), image.digest);
  for (const imageId of [
    { imageTag: 'src-1' },
    { imageDigest: image.digest },
    { imageTag: 'src-1', imageDigest: image.digest },
  ]) {
    const { images, failures } = await ecr.send(
      new BatchGetImageCommand({ repositoryName, imageIds: [imageId] }),
    );
    t.deepEqual(failures, []);
    t.like(images?.[0], { imageManifest: image.manifest, imageManifestMediaType: image.mediaType });
    t.deepEqual(images?.[0]?.imageId, { ...imageId, imageDigest: image.digest });
  }
});

test('image – several that are not to be had – fail one by one with reasons', async (t) => {
  const { ecr, registry, put } = await testEcr(t);
  const image = await registry.image(repositoryName, 'one');
  await put(image, 'src-1');
  const imageIds = [
    { imageTag: 'src-1' },
    { imageTag: 'src-2' },
    { imageDigest: digest('nothing') },
    { imageDigest: 'sha256:short' },
    { imageTag: 'src-1', imageDigest: digest('nothing') },
    {},
  ];
  const { images, failures } = await ecr.send(
    new BatchGetImageCommand({ repositoryName, imageIds }),
  );
  t.deepEqual(
    images?.map((one) => one.imageId?.imageTag),
    ['src-1'],
  );
  t.deepEqual(
    failures?.map((one) => one.failureCode),
    [
      'ImageNotFound',
      'ImageNotFound',
      'InvalidImageDigest',
      'ImageTagDoesNotMatchDigest',
      'MissingDigestAndTag',
    ],
  );
});

test('images – described – have all their tags and their size', async (t) => {
  const { ecr, registry, put } = await testEcr(t);
  const [one, two] = [
    await registry.image(repositoryName, 'one'),
    await registry.image(repositoryName, 'number two'),
  ];
  await put(one, 'src-1');
  await put(one, 'commit-1');
  await put(two, 'src-2');
  const { imageDetails = [] } = await ecr.send(new DescribeImagesCommand({ repositoryName }));
  const found = imageDetails.map((detail) => [
    detail.imageDigest,
    detail.imageTags?.toSorted(),
    detail.imageSizeInBytes,
  ]);
  t.is(found.length, 2);
  t.deepEqual(
    found.find(([imageDigest]) => imageDigest === one.digest),
    [one.digest, ['commit-1', 'src-1'], one.bytes],
  );
  t.deepEqual(
    found.find(([imageDigest]) => imageDigest === two.digest),
    [two.digest, ['src-2'], two.bytes],
  );
  const asked = new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: 'src-2' }] });
  t.deepEqual(
    (await ecr.send(asked)).imageDetails?.map((detail) => detail.imageDigest),
    [two.digest],
  );
});

test('images – one of those asked for is not there – is an error that names it', async (t) => {
  const { ecr } = await testEcr(t);
  const call = ecr.send(
    new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: 'src-9' }] }),
  );
  await t.throwsAsync(call, { name: 'ImageNotFoundException', message: /imageTag:'src-9'/ });
});

test('registry away – any call that needs it – is the server’s own error', async (t) => {
  const registry = await closedAddress();
  const repositories = [{ name: repositoryName }];
  const client = (await testAws(t, { ecr: { registry, repositories } })).ecr();
  const call = client.send(
    new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag: 'x' }] }),
  );
  await t.throwsAsync(call, {
    name: 'ServerException',
    message: /^The registry .* does not answer/,
  });
});

/** Where somebody listened a moment ago. */
async function closedAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
