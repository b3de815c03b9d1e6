import test from 'ava';
import { layersOf } from '../../src/registry/layers-of.ts';
import { platformsOf } from '../../src/registry/platforms-of.ts';
import { imageIn, parseReference, parseRegistry } from '../../src/registry/reference.ts';
import { createRegistryClient } from '../../src/registry/registry-client.ts';
import { password, pushImage, pushIndex, startRegistry, user } from './docker-registry.ts';
import { startProxy } from './proxy.ts';

const quick = { random: () => 0.01 };
const basic = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

test('registry – an image and an index – are resolved by tag and by digest', async (t) => {
  const { host, origin } = await startRegistry(t);
  const client = createRegistryClient();
  const image = await pushImage(origin, 'a/one', 'v1');
  const index = await pushIndex(origin, 'a/two', 'v1');
  t.is(await client.resolve(parseReference(`${host}/a/one:v1`)), image);
  t.is(await client.resolve(parseReference(`${host}/a/one@${image}`)), image);
  t.is(await client.resolve(parseReference(`${host}/a/two:v1`)), index);
  const manifest = await client.manifest(parseReference(`${host}/a/two:v1`));
  t.is(manifest.mediaType, 'application/vnd.oci.image.index.v1+json');
  t.is(manifest.digest, index);
});

test('registry – no such tag or repository – resolves to nothing', async (t) => {
  const { host, origin } = await startRegistry(t);
  await pushImage(origin, 'a/one', 'v1');
  const client = createRegistryClient();
  t.is(await client.resolve(parseReference(`${host}/a/one:v2`)), undefined);
  t.is(await client.resolve(parseReference(`${host}/a/none:v1`)), undefined);
  const error = client.manifest(parseReference(`${host}/a/none:v1`));
  await t.throwsAsync(error, { code: 'REGISTRY_NOT_FOUND', message: /--registry/ });
});

test('tag once – a new tag – names the same digest, an index too', async (t) => {
  const { host, origin } = await startRegistry(t);
  const registry = parseRegistry(`${host}/a`);
  const client = createRegistryClient();
  const image = await pushImage(origin, 'a/one', 'v1');
  const index = await pushIndex(origin, 'a/two', 'v1');
  t.is(await client.tagOnce(imageIn(registry, 'one', 'v1'), 'sha'), image);
  t.is(await client.resolve(imageIn(registry, 'one', 'sha')), image);
  t.is(await client.tagOnce({ ...imageIn(registry, 'two'), digest: index }, 'sha'), index);
  t.is(await client.resolve(imageIn(registry, 'two', 'sha')), index);
});

test('tag once – the tag names another image – it stays and its digest comes back', async (t) => {
  const { host, origin } = await startRegistry(t);
  const registry = parseRegistry(`${host}/a`);
  const client = createRegistryClient();
  const first = await pushImage(origin, 'a/one', 'sha', { comment: 'first' });
  const second = await pushImage(origin, 'a/one', 'v2', { comment: 'second' });
  t.not(first, second);
  t.is(await client.tagOnce(imageIn(registry, 'one', 'v2'), 'sha'), first);
  t.is(await client.resolve(imageIn(registry, 'one', 'sha')), first);
});

test('tag once – immutable and lost to another run – takes the digest that is there', async (t) => {
  const { origin } = await startRegistry(t);
  const winner = await pushImage(origin, 'a/one', 'sha', { comment: 'winner' });
  await pushImage(origin, 'a/one', 'v1', { comment: 'loser' });
  const refusal =
    '{"errors":[{"code":"TAG_INVALID","message":"The image tag already exists and cannot be overwritten because the tag is immutable."}]}';
  const proxy = await startProxy(t, origin, ({ method }, count) => {
    if (count === 1) return { status: 404 };
    return method === 'PUT' ? { status: 400, body: refusal } : undefined;
  });
  const image = parseReference(`${proxy.host}/a/one:v1`);
  t.is(await createRegistryClient().tagOnce(image, 'sha'), winner);
  t.true(proxy.seen.includes('PUT /v2/a/one/manifests/sha'));
});

test('basic authentication – right, wrong and no password – is told apart', async (t) => {
  const { host, origin } = await startRegistry(t, { auth: 'htpasswd' });
  const digest = await pushImage(origin, 'a/one', 'v1', { authorization: basic });
  const image = parseReference(`${host}/a/one:v1`);
  const right = createRegistryClient({ credentialsOf: () => ({ user, password }) });
  t.is(await right.resolve(image), digest);
  t.is(await right.tagOnce(image, 'sha'), digest);
  const wrong = createRegistryClient({ credentialsOf: () => ({ user, password: 'not-this' }) });
  const refused = await t.throwsAsync(wrong.resolve(image), { code: 'REGISTRY_UNAUTHORIZED' });
  t.notRegex(refused?.message ?? '', /not-this/);
  t.notRegex(
    refused?.message ?? '',
    new RegExp(Buffer.from(`${user}:not-this`).toString('base64')),
  );
  const none = createRegistryClient();
  await t.throwsAsync(none.resolve(image), {
    code: 'REGISTRY_UNAUTHORIZED',
    message: /none was given/,
  });
});

test('token authentication – a challenge – is answered once per repository and access', async (t) => {
  const { origin } = await startRegistry(t);
  const digest = await pushImage(origin, 'a/one', 'v1');
  const asked: string[] = [];
  const proxy = await startProxy(t, origin, ({ url = '', headers }) => {
    if (url.startsWith('/token')) {
      asked.push(`${url} ${headers.authorization}`);
      return { status: 200, body: JSON.stringify({ token: `t${asked.length}`, expires_in: 300 }) };
    }
    if (headers.authorization?.startsWith('Bearer t')) return undefined;
    const realm = `Bearer realm="http://${headers.host}/token",service="the, registry",scope="x"`;
    return { status: 401, headers: { 'www-authenticate': realm } };
  });
  const client = createRegistryClient({ credentialsOf: () => ({ user, password }) });
  const image = parseReference(`${proxy.host}/a/one:v1`);
  t.is(await client.resolve(image), digest);
  t.is(await client.resolve(image), digest);
  t.is(await client.tagOnce(image, 'sha'), digest);
  const service = 'service=the%2C+registry';
  t.deepEqual(asked, [
    `/token?${service}&scope=repository%3Aa%2Fone%3Apull ${basic}`,
    `/token?${service}&scope=repository%3Aa%2Fone%3Apull%2Cpush ${basic}`,
  ]);
});

test('token authentication – sent elsewhere without TLS – keeps the password to itself', async (t) => {
  const { origin } = await startRegistry(t);
  const headers = { 'www-authenticate': 'Bearer realm="ftp://example.org/token"' };
  const proxy = await startProxy(t, origin, () => ({ status: 401, headers }));
  const client = createRegistryClient({ credentialsOf: () => ({ user, password }) });
  const answer = client.resolve(parseReference(`${proxy.host}/a/one:v1`));
  await t.throwsAsync(answer, { code: 'REGISTRY_PROTOCOL', message: /no https URL/ });
});

test('faults – 503, a cut connection, 429 – are outlived', async (t) => {
  const { origin } = await startRegistry(t);
  const digest = await pushImage(origin, 'a/one', 'v1');
  const throttled = { status: 429, headers: { 'retry-after': '1' } };
  const proxy = await startProxy(t, origin, (_, count) => {
    return ([{ status: 503 }, 'cut', throttled] as const)[count - 1];
  });
  const startedAt = performance.now();
  const client = createRegistryClient(quick);
  t.is(await client.resolve(parseReference(`${proxy.host}/a/one:v1`)), digest);
  t.is(proxy.seen.length, 4);
  t.true(performance.now() - startedAt >= 1_000, 'Retry-After was not waited for');
});

test('faults – without an end – are told within the bounds', async (t) => {
  const { origin } = await startRegistry(t);
  const image = async (fault: Parameters<typeof startProxy>[2]) =>
    parseReference(`${(await startProxy(t, origin, fault)).host}/a/one:v1`);
  const client = createRegistryClient({
    ...quick,
    bounds: { totalMs: 1_500, attemptMs: 300, attempts: 3 },
  });
  const startedAt = performance.now();
  await t.throwsAsync(client.resolve(await image(() => 'hang')), { code: 'REGISTRY_UNREACHABLE' });
  await t.throwsAsync(client.resolve(await image(() => 'cut')), { code: 'REGISTRY_UNREACHABLE' });
  const later = { status: 429, headers: { 'retry-after': '3600' } };
  await t.throwsAsync(client.resolve(await image(() => later)), { code: 'REGISTRY_THROTTLED' });
  t.true(performance.now() - startedAt < 5_000);
});

test('faults – nobody there, or no TLS where TLS is asked for – are told apart', async (t) => {
  const { host } = await startRegistry(t);
  const client = createRegistryClient({ ...quick, bounds: { attempts: 2 } });
  const nobody = client.resolve(parseReference('127.0.0.1:9/a/one:v1'));
  await t.throwsAsync(nobody, { code: 'REGISTRY_UNREACHABLE' });
  const image = parseReference(`https://${host}/a/one:v1`);
  await t.throwsAsync(client.resolve(image), { code: 'REGISTRY_TLS', message: /http:\/\// });
});

test('refusals – forbidden, and content other than its digest – are errors of their own', async (t) => {
  const { origin } = await startRegistry(t);
  const client = createRegistryClient(quick);
  const denied = await startProxy(t, origin, () => ({
    status: 403,
    body: '{"errors":[{"code":"DENIED","message":"no"}]}',
  }));
  await t.throwsAsync(client.resolve(parseReference(`${denied.host}/a/one:v1`)), {
    code: 'REGISTRY_DENIED',
  });
  const type = { 'content-type': 'application/vnd.oci.image.manifest.v1+json' };
  const forged = await startProxy(t, origin, () => ({ status: 200, headers: type, body: '{}' }));
  const image = parseReference(`${forged.host}/a/one@sha256:${'0'.repeat(64)}`);
  await t.throwsAsync(client.manifest(image), { code: 'REGISTRY_PROTOCOL', message: /digest/ });
});

test('an aborted call – while it waits – ends at once', async (t) => {
  const { origin } = await startRegistry(t);
  const proxy = await startProxy(t, origin, () => 'hang');
  const signal = AbortSignal.timeout(200);
  const startedAt = performance.now();
  const call = createRegistryClient().resolve(parseReference(`${proxy.host}/a/one:v1`), signal);
  await t.throwsAsync(call, { name: 'TimeoutError' });
  t.true(performance.now() - startedAt < 2_000);
});

test('platforms – of an image and of an index – are what their descriptions say', async (t) => {
  const { host, origin } = await startRegistry(t);
  const client = createRegistryClient();
  await pushImage(origin, 'a/one', 'v1');
  await pushIndex(origin, 'a/two', 'v1');
  const of = (name: string) => platformsOf(client, parseReference(`${host}/${name}`));
  t.deepEqual(await of('a/one:v1'), ['linux/amd64']);
  t.deepEqual(await of('a/two:v1'), ['linux/amd64']);
  t.is(await of('a/one:v2'), undefined);
  t.is(await of(`a/one@sha256:${'0'.repeat(64)}`), undefined);
});

test('layers – of an image and of an index – are what a node of the platform pulls', async (t) => {
  const { host, origin } = await startRegistry(t);
  const client = createRegistryClient();
  await pushImage(origin, 'a/one', 'v1');
  await pushIndex(origin, 'a/two', 'v1');
  const of = (name: string, platform = 'linux/amd64') =>
    layersOf(client, parseReference(`${host}/${name}`), platform);
  const [[digest, bytes] = ['', 0], ...others] = [...((await of('a/one:v1')) ?? [])];
  t.regex(digest, /^sha256:[0-9a-f]{64}$/);
  t.deepEqual([bytes > 50, others], [true, []], 'the test image is its configuration alone');
  t.deepEqual(await of('a/two:v1'), await of('a/one:v1'));
  t.is(await of('a/two:v1', 'linux/arm64'), undefined);
  t.is(await of('a/one:v2'), undefined);
});
