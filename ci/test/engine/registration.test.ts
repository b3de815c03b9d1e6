import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { type Chain, step } from './helpers/chain.ts';
import { dispatch, removeModule } from './helpers/dispatch.ts';
import { type FakeEngine, fakeEngine } from './helpers/fake-engine.ts';

test.after.always(removeModule);

/** The functions that the contract names, none of them cached. */
async function promisedFunctions(): Promise<readonly (readonly [string, string])[]> {
  const contract = await readFile(join(import.meta.dirname, 'contract.txt'), 'utf8');
  return [...contract.matchAll(/^([a-z-]+) →/gm)].map(([, name = '']) => [
    name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
    'Never',
  ]);
}

const functionsOf = (engine: FakeEngine): Chain[] => {
  const module = engine.object(engine.returned());
  const type = engine.object(step(module, 'withObject').args.object);
  return type
    .filter(({ field }) => field === 'withFunction')
    .map(({ args }) => engine.object(args.function));
};

test('registration – by the SDK – tells the engine the contract’s functions, uncached, with their arguments', async (t) => {
  const engine = await fakeEngine(t, undefined);
  const { exitCode, stderr } = await dispatch(t, engine);
  t.is(exitCode, 0, stderr);
  t.is(engine.thrown(), undefined);

  const functions = functionsOf(engine);
  t.deepEqual(
    functions.map((it) => [
      step(it, 'function').args.name,
      step(it, 'withCachePolicy').args.policy,
    ]),
    await promisedFunctions(),
  );
  const deploy = functions.find((it) => step(it, 'function').args.name === 'deploy') ?? [];
  const byName = new Map(
    deploy.filter(({ field }) => field === 'withArg').map(({ args }) => [args.name, args]),
  );
  t.is(byName.get('overlay')?.defaultValue, '"production"');
  t.is(byName.get('source')?.defaultPath, '/');
  t.deepEqual(byName.get('source')?.ignore, ['.git', '**/node_modules', '**/dist']);
  const kubeconfig = engine.object(byName.get('kubeconfig')?.typeDef);
  t.is(step(kubeconfig, 'withObject').args.name, 'Secret');
  t.true(step(kubeconfig, 'withOptional').args.optional);
});
