import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { ensureImages } from '../../ci/src/images/ensure-images.ts';
import { allPlatforms, type ImagePlatform } from '../../ci/src/images/platforms.ts';
import { imageIn, parseRegistry } from '../../ci/src/registry/reference.ts';
import { createRegistryClient } from '../../ci/src/registry/registry-client.ts';
import { readSourceTree } from '../../ci/src/source/source-tree.ts';
import { freePort, startRegistry } from '../../ci/test/registry/docker-registry.ts';
import { ensureBaseImages } from '../images/base-images.ts';
import { openBuildah } from '../images/buildah.ts';
import { createBuildahBuilder } from '../images/buildah-builder.ts';
import { ownPlatform, platformsToBuild } from '../images/own-platform.ts';
import { neededPackages } from '../needs.ts';
import { installPackages } from '../packages.ts';
import { instance } from '../state.ts';
import { answerOf, startEmulated } from './helpers/emulated.ts';
import { machinesOf, type PushedImage, pushedImages } from './helpers/pushed-image.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const sha = '4'.repeat(40);
const service = 'dj-service';

test('make up – PLATFORMS – names what is built, and what this machine runs is part of it', (t) => {
  const own = ownPlatform();
  const foreign = allPlatforms.filter((platform) => platform !== own);
  t.deepEqual([...platformsToBuild(undefined, false)], [own]);
  t.deepEqual([...platformsToBuild(allPlatforms.toReversed().join(), false)], [...allPlatforms]);
  t.deepEqual([...platformsToBuild(foreign.join(), true)], foreign);
  t.throws(() => platformsToBuild(foreign.join(), false), {
    code: 'ARGUMENT_INVALID',
    message: new RegExp(`^PLATFORMS ".*" is not possible.\n.* runs ${own}: give that too`),
  });
  t.throws(() => platformsToBuild(`${own},linux/arm`, false), {
    code: 'ARGUMENT_INVALID',
    message: /^PLATFORMS "linux\/arm" is not possible.\n.*linux\/amd64 and linux\/arm64/,
  });
});

test('images – for both platforms – are one index, and the arm64 half serves', async (t) => {
  t.timeout(900_000);
  await installPackages(neededPackages, (text) => t.log(text));
  const folder = await mkdtemp(join(tmpdir(), 'platforms-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  // As `make up` has it: what was made for that is not made again for this.
  const buildah = await openBuildah(join(instance('up').cacheFolder, 'images'));
  const registry = parseRegistry((await startRegistry(t)).host);
  const client = createRegistryClient();
  const source = await readSourceTree(repository);
  const ensure = async (platforms: readonly ImagePlatform[]) => {
    const bases = await ensureBaseImages(buildah, platforms, (text) => t.log(text));
    const logFile = join(folder, 'build.log');
    const [image] = await ensureImages({
      services: [service],
      registry,
      client,
      builder: createBuildahBuilder(buildah, { bases, logFile }),
      source,
      revision: { commit: sha, branch: 'main', dirty: false },
      platforms,
      baseImages: bases.names,
      now: () => new Date('2026-03-04T05:06:07Z'),
    });
    if (!image) throw new Error('no image');
    return image;
  };

  const image = await ensure(allPlatforms);
  t.true(image.built);
  t.log(`built in ${image.seconds} s`);
  t.is(await client.resolve(imageIn(registry, service, image.tag)), image.digest);
  t.is(await client.resolve(imageIn(registry, service, sha)), image.digest, 'the commit’s tag');
  const pushed = pushedImages(`${registry.origin}/v2/${registry.prefix}/${service}`);
  const index = await pushed.index(image.digest);
  t.is(index.mediaType, 'application/vnd.oci.image.index.v1+json');
  t.deepEqual(
    index.manifests.map(({ platform }) => `${platform?.os}/${platform?.architecture}`),
    [...allPlatforms],
  );

  const halves = new Map<string, PushedImage>();
  for (const { digest, platform } of index.manifests) {
    const half = await pushed.image(digest);
    halves.set(platform?.architecture ?? '', half);
    const { os, architecture, config } = half.config;
    t.deepEqual({ os, architecture }, platform);
    t.deepEqual(config.Labels, {
      'git.commit': sha,
      'git.branch': 'main',
      'build.date': '2026-03-04T05:06:07Z',
      'org.opencontainers.image.created': '2026-03-04T05:06:07Z',
      'org.opencontainers.image.ref.name': 'main',
      'org.opencontainers.image.revision': sha,
      'org.opencontainers.image.title': service,
    });
    t.deepEqual(config.Env, [
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'NODE_ENV=production',
      `SOURCE_DIGEST=${image.tag}`,
      `GIT_COMMIT=${sha}`,
    ]);
  }
  const [amd64, arm64] = [halves.get('amd64'), halves.get('arm64')];
  if (!amd64 || !arm64) throw new Error('a half is missing');
  t.deepEqual(arm64.config.config, amd64.config.config, 'user, command and all else');
  const [layers, same] = [amd64, arm64].map(({ config }) => config.rootfs.diff_ids.slice(2));
  t.deepEqual(layers, same, 'all above the base and node');
  t.true(layers && layers.length >= 2);

  const again = await ensure(allPlatforms.toReversed());
  t.deepEqual([again.digest, again.built], [image.digest, false]);
  const alone = await ensure([ownPlatform()]);
  t.not(alone.tag, image.tag);
  await t.throwsAsync(pushed.index(alone.digest), { message: /: 404$/ }, 'one is no index');

  const root = join(folder, 'root');
  await pushed.unpack(arm64, root);
  const machines = await machinesOf(root);
  t.true(machines.has('usr/local/bin/node'));
  t.deepEqual([...new Set(machines.values())], ['arm64']);
  t.deepEqual(
    [...machines.keys()].filter((path) => path.startsWith('app/')),
    [],
  );

  const [port, metricsPort] = [await freePort(), await freePort()];
  const env = {
    ...Object.fromEntries(arm64.config.config.Env.map((text) => text.split('=', 2))),
    ...{ PORT: String(port), METRICS_PORT: String(metricsPort), DB_HOST: '127.0.0.1' },
    ...{ DB_PORT: '9', DB_USER: 'nobody', DB_PASSWORD: 'none', DB_NAME: 'gigsdb' },
    JWT_SECRET: 'of-a-test-'.repeat(4),
  };
  const startedAt = Date.now();
  const { WorkingDir, Cmd } = arm64.config.config;
  const running = await startEmulated(t, { folder, root, env }, [WorkingDir, Cmd]);
  const live = await answerOf(`http://127.0.0.1:${port}/livez`, 180_000, running);
  t.is(live.status, 200);
  const health = await answerOf(`http://127.0.0.1:${port}/health`, 30_000, running);
  const told = (await health.json()) as Record<string, unknown>;
  t.deepEqual([told.service, told.source, told.commit], [service, image.tag, sha]);
  t.log(`arm64 alive in ${(Date.now() - startedAt) / 1_000} s, its emulator unpacked`);
});
