import test from 'ava';
import { services } from '../../src/services.ts';
import { step } from './helpers/chain.ts';
import { baseImages, checkout, cleanGit, sha } from './helpers/checkout.ts';
import { dispatch, removeModule } from './helpers/dispatch.ts';
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

test('push – to a registry that asks for a password – publishes all six and adds the commit’s tag', async (t) => {
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
      publish: (containers, address) => registry.publish(containers, address, engine.object),
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
    services.map(({ name }) => [name, true]),
  );
  for (const { service, repository: name, tag, digest } of pushed) {
    t.is(name, `${registry.host}/craic/${service}`);
    t.is(await registry.digestOf(service, tag), digest);
    t.is(await registry.digestOf(service, sha), digest);
  }
  const published = engine.asked.filter((chain) => chain.at(-1)?.field === 'publish');
  t.is(published.length, services.length);
  for (const chain of published) {
    const fields = chain.map(({ field }) => field);
    t.is(fields.indexOf('withLabel'), fields.indexOf('dockerBuild') + 1, 'labels come last');
    t.is(step(chain, 'dockerBuild').args.platform, 'linux/amd64');
  }
});
