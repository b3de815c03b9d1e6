import test from 'ava';
import { imageNames } from '../../src/services.ts';
import { step } from './helpers/chain.ts';
import { baseImages, checkout, cleanGit, sha } from './helpers/checkout.ts';
import { callMany, dispatch, removeModule } from './helpers/dispatch.ts';
import { directory, repository, secret } from './helpers/engine-value.ts';
import { fakeEngine } from './helpers/fake-engine.ts';
import { privateRegistry, registryUser } from './helpers/private-registry.ts';

test.after.always(removeModule);

interface Pushed {
  readonly service: string;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  readonly built: boolean;
}

test.serial(
  'push – to a registry that asks for a password – publishes all of them and adds the commit’s tag',
  async (t) => {
    const registry = await privateRegistry(t);
    const args: Record<string, unknown> = {
      registry: `http://${registry.host}/craic`,
      registryUser: registryUser.user,
      format: 'json',
      platforms: ['linux/amd64'],
      ...baseImages,
    };
    const engine = await fakeEngine(
      t,
      { name: 'push', args },
      {
        folder: await checkout(t),
        git: cleanGit,
        publish: (published) => registry.publish(published, engine.object),
      },
    );
    Object.assign(args, {
      source: engine.idOf(directory),
      repo: engine.idOf(repository),
      registryPassword: engine.idOf(secret(`${registryUser.password}\n`)),
    });
    const { exitCode, stderr, stdout } = await dispatch(t, engine);
    t.deepEqual([exitCode, engine.thrown()], [0, undefined], stderr);
    t.false(`${stdout}${stderr}${engine.returned()}`.includes(registryUser.password));

    const pushed = JSON.parse(String(engine.returned())) as Pushed[];
    t.deepEqual(
      pushed.map(({ service, built }) => [service, built]),
      imageNames.map((name) => [name, true]),
    );
    for (const { service, repository: name, tag, digest } of pushed) {
      t.is(name, `${registry.host}/craic/${service}`);
      t.is(await registry.digestOf(service, tag), digest);
      t.is(await registry.digestOf(service, sha), digest);
    }
    const published = engine.asked.filter((chain) => chain.at(-1)?.field === 'publish');
    t.is(published.length, imageNames.length);
    for (const chain of published) {
      const fields = chain.map(({ field }) => field);
      t.is(fields.indexOf('withLabel'), fields.indexOf('dockerBuild') + 1, 'labels come last');
      t.is(step(chain, 'dockerBuild').args.platform, 'linux/amd64');
    }
  },
);

test.serial(
  'push – with two builds that fail – names both with their causes, and builds the others',
  async (t) => {
    const registry = await privateRegistry(t);
    const engine = await fakeEngine(t, undefined, {
      folder: await checkout(t),
      git: cleanGit,
      async publish(published) {
        const service = /craic\/([^:]+):/.exec(published.address)?.[1];
        const id = 'ChV4eGgz'.repeat(200);
        if (service === 'ml-service') throw new Error(`${id}: failed to copy: /nowhere: not found`);
        if (service === 'dj-service')
          throw new Error('process "tsc" did not complete: exit code: 2');
        return registry.publish(published, engine.object);
      },
    });
    const args = {
      source: engine.idOf(directory),
      repo: engine.idOf(repository),
      registry: `http://${registry.host}/craic`,
      registryUser: registryUser.user,
      registryPassword: engine.idOf(secret(registryUser.password)),
      ...baseImages,
    };
    const { outcomes } = await callMany(t, engine, [{ name: 'push', args }]);
    const thrown = outcomes[0]?.thrown ?? '';
    t.regex(thrown, /^2 of 7 images failed\n/);
    t.regex(thrown, /^dj-service: .*\nprocess "tsc" did not complete: exit code: 2$/m);
    t.regex(thrown, /^ml-service: .*\n…: failed to copy: \/nowhere: not found$/m);
    t.deepEqual(thrown.match(/^code: .*$/gm), ['code: IMAGES_FAILED']);
    t.notRegex(thrown, /pushes-of-a-test/);
    const pushed = imageNames.map((name) => registry.digestOf(name, sha));
    t.is((await Promise.all(pushed)).filter((digest) => digest !== undefined).length, 5);
  },
);

const platforms = ['linux/amd64', 'linux/arm64'];

test.serial(
  'push – for two platforms – publishes one index of both, each built with the engine’s own tools',
  async (t) => {
    const registry = await privateRegistry(t);
    const engine = await fakeEngine(t, undefined, {
      folder: await checkout(t),
      git: cleanGit,
      publish: (published) => registry.publish(published, engine.object),
    });
    const given = {
      source: engine.idOf(directory),
      repo: engine.idOf(repository),
      registry: `http://${registry.host}/craic`,
      registryUser: registryUser.user,
      registryPassword: engine.idOf(secret(registryUser.password)),
      format: 'json',
      ...baseImages,
    };
    const { outcomes } = await callMany(t, engine, [
      { name: 'push', args: { ...given, platforms } },
      // The same two, so the same names: nothing is built again.
      { name: 'push', args: { ...given, platforms: ['linux/arm64', ...platforms] } },
    ]);
    const [pushed, again] = outcomes.map(
      ({ returned, thrown }) => JSON.parse(String(returned ?? thrown)) as Pushed[],
    );
    for (const { service, tag, digest } of pushed ?? []) {
      t.deepEqual([...(await registry.platformsOf(service, tag))], platforms);
      t.is(await registry.digestOf(service, sha), digest, 'the commit names the index');
      const second = again?.find((it) => it.service === service);
      t.deepEqual([second?.digest, second?.built], [digest, false]);
    }
    const published = engine.asked.filter((chain) => chain.at(-1)?.field === 'publish');
    t.is(published.length, imageNames.length);
    for (const chain of published) {
      const ids = step(chain, 'publish').args.platformVariants as unknown[];
      const variants = ids.map((id) => engine.object(id));
      const builds = variants.map((variant) => step(variant, 'dockerBuild').args);
      t.deepEqual(
        builds.map(({ platform }) => platform),
        platforms,
      );
      const [args, others] = builds.map(({ buildArgs }) => buildArgs as Named[]);
      t.deepEqual(args, others);
      t.is(valueNamed(args, 'BUILDPLATFORM'), 'linux/amd64');
      const [labels, same] = variants.map((variant) =>
        variant.filter(({ field }) => field === 'withLabel').map((it) => it.args),
      );
      t.deepEqual(labels, same);
      t.is(valueNamed(labels as unknown as Named[], 'git.commit'), sha);
    }
  },
);

interface Named {
  readonly name: string;
  readonly value: string;
}

const valueNamed = (list: readonly Named[] | undefined, name: string) =>
  list?.find((it) => it.name === name)?.value;

test.serial('push – from a dirty tree – gives no image the commit’s tag', async (t) => {
  const registry = await privateRegistry(t);
  const engine = await fakeEngine(t, undefined, {
    folder: await checkout(t),
    git: { ...cleanGit, clean: false },
    publish: (published) => registry.publish(published, engine.object),
  });
  const args = {
    source: engine.idOf(directory),
    repo: engine.idOf(repository),
    registry: `http://${registry.host}/craic`,
    registryUser: registryUser.user,
    registryPassword: engine.idOf(secret(registryUser.password)),
    format: 'json',
    platforms: ['linux/arm64'],
    ...baseImages,
  };
  const { outcomes } = await callMany(t, engine, [{ name: 'push', args }]);
  const pushed = JSON.parse(String(outcomes[0]?.returned ?? outcomes[0]?.thrown)) as Pushed[];
  t.is(pushed.length, imageNames.length);
  for (const { service, tag, digest } of pushed) {
    t.is(await registry.digestOf(service, tag), digest);
    t.deepEqual([...(await registry.platformsOf(service, tag))], [], 'one platform is no index');
    for (const name of [sha, `${sha}-dirty`])
      t.is(await registry.digestOf(service, name), undefined);
  }
  const published = engine.asked.filter((chain) => chain.at(-1)?.field === 'publish');
  for (const chain of published) {
    t.is(step(chain, 'dockerBuild').args.platform, 'linux/arm64');
    const labels = chain.filter(({ field }) => field === 'withLabel').map((it) => it.args);
    t.is(valueNamed(labels as unknown as Named[], 'git.commit'), `${sha}-dirty`);
  }
});
