import type { ExecutionContext } from 'ava';
import { baseImages, checkout, cleanGit } from './checkout.ts';
import { dispatch } from './dispatch.ts';
import { directory, type EngineWorld, file, repository, secret } from './engine-value.ts';
import type { FakeCluster } from './fake-cluster.ts';
import { type FakeEngine, fakeEngine } from './fake-engine.ts';
import { privateRegistry, registryUser } from './private-registry.ts';

/** Calls a function with a real registry, the given cluster and whatever else the test gives. */
export async function callOnCluster(
  t: ExecutionContext,
  name: string,
  cluster: FakeCluster,
  more: (engine: FakeEngine) => Readonly<Record<string, unknown>>,
  git: EngineWorld['git'] = cleanGit,
): Promise<{ engine: FakeEngine; said: string; exitCode: number }> {
  const registry = await privateRegistry(t);
  const args: Record<string, unknown> = {};
  const engine = await fakeEngine(
    t,
    { name, args },
    {
      folder: await checkout(t),
      git,
      program: cluster.kubectl,
      publish: (published) => registry.publish(published, engine.object),
    },
  );
  Object.assign(args, {
    source: engine.idOf(directory),
    repo: engine.idOf(repository),
    kubectl: engine.idOf(file),
    registry: `http://${registry.host}/craic`,
    registryUser: registryUser.user,
    registryPassword: engine.idOf(secret(registryUser.password)),
    ...baseImages,
    ...more(engine),
  });
  const { exitCode, stdout, stderr } = await dispatch(t, engine);
  const said = [stdout, stderr, engine.returned(), engine.thrown()].join('\n');
  t.false(said.includes(registryUser.password), 'a password was shown');
  return { engine, said, exitCode };
}
