import test from 'ava';
import { type Chain, step } from './helpers/chain.ts';
import { baseImages, checkout, cleanGit, sha } from './helpers/checkout.ts';
import { dispatch, removeModule } from './helpers/dispatch.ts';
import { directory, repository } from './helpers/engine-value.ts';
import { type FakeEngine, fakeEngine } from './helpers/fake-engine.ts';

test.after.always(removeModule);

const argumentsOf = (build: Chain): Record<string, string> =>
  Object.fromEntries(
    (step(build, 'dockerBuild').args.buildArgs as { name: string; value: string }[]).map((it) => [
      it.name,
      it.value,
    ]),
  );

const withObjects = (engine: FakeEngine) => ({
  source: engine.idOf(directory),
  repo: engine.idOf(repository),
});

test.serial(
  'build – of one service – asks for one dockerBuild on the engine’s own platform',
  async (t) => {
    const args: Record<string, unknown> = { service: 'auth-service', ...baseImages };
    const engine = await fakeEngine(
      t,
      { name: 'build', args },
      { folder: await checkout(t), git: cleanGit },
    );
    Object.assign(args, withObjects(engine));
    const { exitCode, stderr } = await dispatch(t, engine);
    t.deepEqual([exitCode, engine.thrown()], [0, undefined], stderr);

    const container = engine.object(engine.returned());
    t.deepEqual(
      container.map(({ field }) => field),
      ['givenDirectory', 'filter', 'dockerBuild'],
    );
    const { dockerfile, platform } = step(container, 'dockerBuild').args;
    t.deepEqual([dockerfile, platform], ['services/Dockerfile', 'linux/amd64']);
    const { SOURCE_DIGEST = '', ...others } = argumentsOf(container);
    t.regex(SOURCE_DIGEST, /^src-[0-9a-f]{16,64}$/);
    t.deepEqual(others, {
      SERVICE: 'auth-service',
      GIT_COMMIT: sha,
      BUILD_IMAGE: baseImages.buildImage,
      NODE_IMAGE: baseImages.nodeImage,
      BASE_IMAGE: baseImages.baseImage,
      BUILDPLATFORM: 'linux/amd64',
    });
  },
);

test.serial(
  'build – for another platform – is for that one, with the engine’s own tools',
  async (t) => {
    const args: Record<string, unknown> = {
      service: 'auth-service',
      platform: 'linux/arm64',
      ...baseImages,
    };
    const engine = await fakeEngine(
      t,
      { name: 'build', args },
      { folder: await checkout(t), git: cleanGit },
    );
    Object.assign(args, withObjects(engine));
    const { exitCode, stderr } = await dispatch(t, engine);
    t.deepEqual([exitCode, engine.thrown()], [0, undefined], stderr);
    const container = engine.object(engine.returned());
    t.is(step(container, 'dockerBuild').args.platform, 'linux/arm64');
    t.is(argumentsOf(container).BUILDPLATFORM, 'linux/amd64');
  },
);

test.serial('build – base images without a digest – are pinned by the engine', async (t) => {
  const images = { ...baseImages, buildImage: 'mirrored.example/node:24' };
  const ref = `mirrored.example/node:24@sha256:${'d'.repeat(64)}`;
  const args: Record<string, unknown> = { service: 'dj-service', ...images };
  const engine = await fakeEngine(
    t,
    { name: 'build', args },
    { folder: await checkout(t), git: cleanGit, imageRefs: { [images.buildImage]: ref } },
  );
  Object.assign(args, withObjects(engine));
  const { exitCode, stderr } = await dispatch(t, engine);
  t.deepEqual([exitCode, engine.thrown()], [0, undefined], stderr);

  const built = argumentsOf(engine.object(engine.returned()));
  t.is(built.BUILD_IMAGE, ref);
  t.is(built.NODE_IMAGE, images.nodeImage);
});

test.serial('label – of one service – puts exact labels last', async (t) => {
  const args: Record<string, unknown> = {
    service: 'ml-service',
    commit: sha.replaceAll('0', 'f'),
    branch: 'refs/heads/release',
    ...baseImages,
  };
  const engine = await fakeEngine(
    t,
    { name: 'label', args },
    { folder: await checkout(t), git: { sha, ref: 'HEAD', clean: true } },
  );
  Object.assign(args, withObjects(engine));
  const before = Math.floor(Date.now() / 1_000) * 1_000;
  const { exitCode, stderr } = await dispatch(t, engine);
  t.deepEqual([exitCode, engine.thrown()], [0, undefined], stderr);

  const [source, filter, build, ...rest] = engine.object(engine.returned());
  t.deepEqual(
    [source?.field, filter?.field, build?.field],
    ['givenDirectory', 'filter', 'dockerBuild'],
  );
  t.deepEqual([...new Set(rest.map(({ field }) => field))], ['withLabel']);
  const labels = Object.fromEntries(rest.map((it) => [it.args.name, it.args.value]));
  const date = String(labels['build.date']);
  t.regex(date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  t.true(Date.parse(date) >= before && Date.parse(date) <= Date.now());
  t.deepEqual(labels, {
    'git.commit': args.commit,
    'git.branch': 'release',
    'build.date': date,
    'org.opencontainers.image.created': date,
    'org.opencontainers.image.ref.name': 'release',
    'org.opencontainers.image.revision': args.commit,
    'org.opencontainers.image.title': 'ml-service',
  });
});
