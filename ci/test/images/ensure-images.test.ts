import test, { type ExecutionContext } from 'ava';
import { type EnsureImagesRequest, ensureImages } from '../../src/images/ensure-images.ts';
import type { BuildRequest, ImageBuilder } from '../../src/images/image-builder.ts';
import { ImagesFailed } from '../../src/images/images-failed.ts';
import { imageIn, parseRegistry } from '../../src/registry/reference.ts';
import { createRegistryClient } from '../../src/registry/registry-client.ts';
import { errorOfAnswer } from '../../src/registry/registry-error.ts';
import { readSourceTree } from '../../src/source/source-tree.ts';
import { pushImage, startRegistry } from '../registry/docker-registry.ts';
import { repository } from '../source/repository.ts';

const sha = '1'.repeat(40);
const services = ['auth-service', 'dj-service', 'venue-service'];

async function setUp(t: ExecutionContext) {
  const { host, origin } = await startRegistry(t);
  const registry = parseRegistry(host);
  const client = createRegistryClient();
  const base = `${host}/base@${await pushImage(origin, 'base', 'one')}`;
  const requests: BuildRequest[] = [];
  const builder: ImageBuilder = {
    publish: async (request) => {
      requests.push(request);
      const path = request.repository.slice(host.length + 1);
      return { digest: await pushImage(origin, path, request.tag, { comment: request.service }) };
    },
  };
  const request: EnsureImagesRequest = {
    services,
    registry,
    client,
    builder,
    source: await readSourceTree(repository),
    revision: { commit: sha, branch: 'main', dirty: false },
    platforms: ['linux/amd64'],
    baseImages: { BUILD_IMAGE: base, NODE_IMAGE: base, BASE_IMAGE: `${host}/base:one` },
    now: () => new Date('2026-03-04T05:06:07.891Z'),
  };
  return { host, origin, registry, client, base, requests, builder, request };
}

const base = `registry.example/base@sha256:${'a'.repeat(64)}`;

test('images – none there – are all built, labelled and named by the commit', async (t) => {
  const { host, registry, client, base, requests, request } = await setUp(t);
  const images = await ensureImages(request);
  t.deepEqual(
    images.map(({ service, built }) => [service, built]),
    services.map((name) => [name, true]),
  );
  for (const image of images) {
    t.is(image.repository, `${host}/whatsthecraic/${image.service}`);
    t.is(await client.resolve(imageIn(registry, image.service, image.tag)), image.digest);
    t.is(await client.resolve(imageIn(registry, image.service, sha)), image.digest);
  }
  const dj = requests.find(({ service }) => service === 'dj-service');
  t.deepEqual(dj?.buildArgs, {
    SERVICE: 'dj-service',
    BUILD_IMAGE: base,
    NODE_IMAGE: base,
    BASE_IMAGE: base,
    SOURCE_DIGEST: images[1]?.tag ?? '',
    GIT_COMMIT: sha,
  });
  t.deepEqual(dj?.labels, {
    'git.commit': sha,
    'git.branch': 'main',
    'build.date': '2026-03-04T05:06:07Z',
    'org.opencontainers.image.created': '2026-03-04T05:06:07Z',
    'org.opencontainers.image.ref.name': 'main',
    'org.opencontainers.image.revision': sha,
    'org.opencontainers.image.title': 'dj-service',
  });
});

test('images – all there – none is built, and a new commit names the same digests', async (t) => {
  const { registry, client, requests, request } = await setUp(t);
  const first = await ensureImages(request);
  const next = '2'.repeat(40);
  const second = await ensureImages({
    ...request,
    revision: { ...request.revision, commit: next },
  });
  t.is(requests.length, services.length);
  t.true(second.every(({ built }) => !built));
  t.deepEqual(
    second.map(({ digest }) => digest),
    first.map(({ digest }) => digest),
  );
  t.is(await client.resolve(imageIn(registry, 'dj-service', next)), first[1]?.digest);
});

test('images – a dirty tree – are built and get no commit tag', async (t) => {
  const { registry, client, requests, request } = await setUp(t);
  const commit = `${sha}-dirty`;
  await ensureImages({ ...request, revision: { commit, branch: 'main', dirty: true } });
  t.is(requests[0]?.labels['git.commit'], commit);
  for (const tag of [sha, commit]) {
    t.is(await client.resolve(imageIn(registry, 'dj-service', tag)), undefined);
  }
});

test('images – two fail – both are named with their reasons, the third is there', async (t) => {
  const { registry, client, builder, request } = await setUp(t);
  const failing: ImageBuilder = {
    publish: async (build) => {
      if (build.service === 'venue-service') return builder.publish(build);
      throw new Error(`no ${build.service} today`);
    },
  };
  const error = await t.throwsAsync(ensureImages({ ...request, builder: failing }), {
    instanceOf: ImagesFailed,
    message: /^2 of 3 images failed\nauth-service: no auth-service today\ndj-service: no dj/,
  });
  t.deepEqual(
    error?.failures.map(({ service }) => service),
    ['auth-service', 'dj-service'],
  );
  const [there] = error?.images ?? [];
  t.is(there?.service, 'venue-service');
  t.is(await client.resolve(imageIn(registry, 'venue-service', sha)), there?.digest);
});

test('images – a registry that refuses every one – its error, once', async (t) => {
  const { request } = await setUp(t);
  const client = {
    ...request.client,
    resolve: async () => {
      throw errorOfAnswer('HEAD', 401, '');
    },
  };
  const bases = { BUILD_IMAGE: base, NODE_IMAGE: base, BASE_IMAGE: base };
  await t.throwsAsync(ensureImages({ ...request, client, baseImages: bases }), {
    code: 'REGISTRY_UNAUTHORIZED',
    message: 'HEAD: 401; check --registry-user and --registry-password',
  });
});

test('images – pushed by another run meanwhile – the digest that is there counts', async (t) => {
  const { origin, request } = await setUp(t);
  let winner = '';
  const slower: ImageBuilder = {
    publish: async ({ service, tag }) => {
      const comment = 'the other run';
      winner = await pushImage(origin, `whatsthecraic/${service}`, tag, { comment });
      return { digest: `sha256:${'0'.repeat(64)}` };
    },
  };
  const [image] = await ensureImages({ ...request, services: ['dj-service'], builder: slower });
  t.is(image?.digest, winner);
});

test('images – another base image under the same name – are built anew', async (t) => {
  const { origin, requests, request } = await setUp(t);
  const [first] = await ensureImages({ ...request, services: ['dj-service'] });
  await pushImage(origin, 'base', 'one', { comment: 'updated' });
  const [second] = await ensureImages({ ...request, services: ['dj-service'] });
  t.true(second?.built);
  t.not(second?.tag, first?.tag);
  t.is(requests.length, 2);
});

test('images – a base image that is not there – fails by its name', async (t) => {
  const { host, request } = await setUp(t);
  const baseImages = { ...request.baseImages, BASE_IMAGE: `${host}/no-base:one` };
  const error = ensureImages({ ...request, baseImages });
  await t.throwsAsync(error, { code: 'REGISTRY_NOT_FOUND', message: /no-base:one/ });
});
