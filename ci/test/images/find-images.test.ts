import test from 'ava';
import { ensureImages } from '../../src/images/ensure-images.ts';
import { findImages } from '../../src/images/find-images.ts';
import { parseRegistry } from '../../src/registry/reference.ts';
import { createRegistryClient } from '../../src/registry/registry-client.ts';
import { RegistryError } from '../../src/registry/registry-error.ts';
import { readSourceTree } from '../../src/source/source-tree.ts';
import { pushImage, startRegistry } from '../registry/docker-registry.ts';
import { repository } from '../source/repository.ts';

test('look-up of images – one there, one not – names both as a push does, and pushes nothing', async (t) => {
  const { host, origin } = await startRegistry(t);
  const base = `${host}/base@${await pushImage(origin, 'base', 'one')}`;
  const request = {
    registry: parseRegistry(host),
    client: createRegistryClient(),
    source: await readSourceTree(repository),
    platforms: ['linux/amd64'],
    baseImages: { BUILD_IMAGE: base, NODE_IMAGE: base, BASE_IMAGE: base },
  };
  const [pushed] = await ensureImages({
    ...request,
    services: ['dj-service'],
    revision: { commit: '1'.repeat(40), branch: 'main', dirty: false },
    builder: {
      publish: async ({ repository: name, tag }) => ({
        digest: await pushImage(origin, name.slice(host.length + 1), tag),
      }),
    },
  });

  const [dj, venue] = await findImages({ ...request, services: ['dj-service', 'venue-service'] });

  t.deepEqual(
    [dj?.repository, dj?.tag, dj?.digest],
    [pushed?.repository, pushed?.tag, pushed?.digest],
  );
  t.deepEqual(
    [venue?.digest, venue?.repository],
    [undefined, `${host}/whatsthecraic/venue-service`],
  );
  t.regex(venue?.tag ?? '', /^src-[0-9a-f]{32}$/);
  for (const part of ['services/venue-service', 'services/platform', 'services/Dockerfile']) {
    t.true(venue?.inputs.includes(part), part);
  }
  t.true(venue?.inputs.includes('linux/amd64'));
  t.true(venue?.inputs.some((it) => /^[1-9]\d* packages of package-lock\.json$/.test(it)));
  const catalogue = await (await fetch(`${origin}/v2/_catalog`)).json();
  t.deepEqual(catalogue, { repositories: ['base', 'whatsthecraic/dj-service'] });
});

test('look-up of images – the registry does not answer – is its error', async (t) => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const base = `127.0.0.1:1/base@${digest}`;
  const error = await t.throwsAsync(
    findImages({
      services: ['dj-service'],
      registry: parseRegistry('http://127.0.0.1:1'),
      client: createRegistryClient({ bounds: { attempts: 1 } }),
      source: await readSourceTree(repository),
      platforms: ['linux/amd64'],
      baseImages: { BUILD_IMAGE: base, NODE_IMAGE: base, BASE_IMAGE: base },
    }),
    { instanceOf: RegistryError },
  );
  t.is(error?.code, 'REGISTRY_UNREACHABLE');
});
