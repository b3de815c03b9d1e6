import test from 'ava';
import { illBefore } from '../../src/rollout/ill-before.ts';
import { run } from '../deploy-scenario.ts';
import { backOff, cluster, ready, rollout, waiting } from './cluster.ts';

const before = cluster(
  rollout('aggregator', { newPods: [ready()] }),
  rollout('dj-service', { newPods: [backOff({ code: 7 }, 3)] }),
  rollout('ml-service', { newPods: [waiting('ErrImagePull', 'manifest unknown')] }),
);

test('ill before – pods that crash or cannot start already – are told as no fault of the release', (t) => {
  const [crash, pull, ...others] = illBefore(before);
  t.regex(crash ?? '', /^dj-service was not well before this release: CRASHED: .*code 7/);
  t.regex(pull ?? '', /^ml-service was not well .*: IMAGE_NOT_FOUND: manifest unknown$/);
  t.deepEqual(others, []);
  t.deepEqual(illBefore(cluster()), []);
});

test('deploy – all was well before it – says nothing of that', async (t) => {
  const { result, said } = await run({});
  t.is((await result).state, 'verified');
  t.false(said.some((it) => it.includes('not well before')));
});
