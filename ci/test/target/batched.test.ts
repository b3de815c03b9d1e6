import test from 'ava';
import { batched } from '../../src/target/batched.ts';
import type { KubectlCall, Target } from '../../src/target/target.ts';
import { fakeClock } from '../fake-clock.ts';
import { fakeTarget } from '../fake-target.ts';
import { cluster } from '../rollout/cluster.ts';

function counting(): { target: Target; trips: (readonly KubectlCall[])[] } {
  const trips: (readonly KubectlCall[])[] = [];
  const own = fakeTarget(fakeClock(), { cluster: () => cluster() });
  const target: Target = {
    ...own,
    async kubectl(calls) {
      trips.push(calls);
      if (calls.some(({ args }) => args.includes('broken'))) throw new Error('no answer');
      return calls.map(({ args }) => ({ exitCode: 0, stdout: args.join(' '), stderr: '' }));
    },
  };
  return { target, trips };
}

const ask = async (target: Target, ...names: string[]) =>
  (await target.kubectl(names.map((name) => ({ args: [name] })))).map(({ stdout }) => stdout);

test('batched – questions of one moment – travel together, and each gets its own answers', async (t) => {
  const { target, trips } = counting();
  const together = batched(target);
  const answers = [ask(together, 'a', 'b'), ask(together), ask(together, 'c')];
  t.deepEqual(await Promise.all(answers), [['a', 'b'], [], ['c']]);
  t.is(trips.length, 1);
  t.deepEqual(await ask(together, 'd'), ['d']);
  t.is(trips.length, 2);
});

test('batched – no answer – is told to each, and the next moment is asked anew', async (t) => {
  const { target } = counting();
  const together = batched(target);
  const asked = await Promise.allSettled([ask(together, 'a'), ask(together, 'broken')]);
  t.deepEqual(
    asked.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  t.deepEqual(await ask(together, 'e'), ['e']);
});
