import test from 'ava';
import fc from 'fast-check';
import { judge } from '../../src/rollout/judge.ts';
import type { Snapshot } from '../../src/rollout/kubernetes.ts';
import {
  backOff,
  cluster,
  ending,
  evicted,
  exited,
  initExit,
  ready,
  restarted,
  rollout,
  unready,
  unschedulable,
  waiting,
} from './cluster.ts';

const anyPod = fc.constantFrom(
  ready(),
  ready(3),
  unready(),
  evicted(),
  unschedulable(),
  waiting('ContainerCreating'),
  waiting('ErrImagePull', 'code = NotFound desc = x: not found'),
  waiting('ErrImagePull', '401 Unauthorized'),
  waiting('ImagePullBackOff', 'Back-off pulling image "x"'),
  waiting('CreateContainerConfigError', 'secret "s" not found'),
  exited({ code: 1 }),
  exited({ code: 1 }, 1),
  exited({ code: 137, reason: 'OOMKilled' }),
  backOff({ code: 2 }, 4),
  restarted({ code: 1 }, 2),
  initExit({ code: 1 }, 0),
  ending(ready()),
  ending(backOff({ code: 1 }, 2)),
);
const anyPods = fc.array(anyPod, { maxLength: 4 });
const quota = { type: 'ReplicaFailure', status: 'True', message: 'exceeded quota' };

const anyRollout = (service: string) =>
  fc
    .record({
      wanted: fc.nat(3),
      newPods: anyPods,
      oldPods: anyPods,
      conditions: fc.constantFrom([], [quota]),
    })
    .map((shape) => rollout(service, shape));

const anyCluster = fc
  .tuple(anyRollout('dj-service'), anyRollout('ml-service'))
  .map((parts) => cluster(...parts));

const shuffled = <T>(items: readonly T[]): fc.Arbitrary<T[]> =>
  fc.shuffledSubarray([...items], { minLength: items.length });

const anyOrder = (of: Snapshot): fc.Arbitrary<Snapshot> =>
  fc.record({
    deployments: shuffled(of.deployments),
    replicaSets: shuffled(of.replicaSets),
    pods: shuffled(of.pods),
    warnings: shuffled(of.warnings),
  });

test('judge – any cluster – does not depend on the order of anything listed', (t) => {
  const both = anyCluster.chain((of) => fc.tuple(fc.constant(of), anyOrder(of)));
  fc.assert(
    fc.property(both, ([of, reordered]) => {
      t.deepEqual(judge('dj-service', reordered), judge('dj-service', of));
    }),
    { numRuns: 300 },
  );
});

test('judge – new pods all ready and nothing old – ready, whatever lies about', (t) => {
  const done = fc.tuple(fc.nat(3), fc.array(fc.constant(evicted())), anyRollout('ml-service'));
  fc.assert(
    fc.property(done, ([wanted, dead, other]) => {
      const newPods = Array.from({ length: wanted }, () => ready(1));
      const of = rollout('dj-service', { wanted, newPods: [...newPods, ...dead], oldPods: dead });
      t.is(judge('dj-service', cluster(other, of)).state, 'ready');
    }),
  );
});

test('judge – any cluster – ready only with enough new ready pods and without old ones', (t) => {
  fc.assert(
    fc.property(anyCluster, (of) => {
      if (judge('dj-service', of).state !== 'ready') return;
      const mine = of.pods.filter((pod) => pod.ownerUid.startsWith('dj-service'));
      const alive = mine.filter((pod) => pod.status.phase !== 'Failed');
      t.true(alive.every((pod) => pod.ownerUid === 'dj-service-new-uid' && !pod.deleting));
      const wanted = of.deployments.find((it) => it.name === 'dj-service')?.replicas ?? 0;
      t.true(alive.length >= wanted);
    }),
    // One in a hundred is ready.
    { numRuns: 3_000 },
  );
});

test('judge – any cluster – never failed for what only old pods did', (t) => {
  fc.assert(
    fc.property(anyPods, (oldPods) => {
      const of = rollout('dj-service', { newPods: [ready()], oldPods });
      t.not(judge('dj-service', of).state, 'failed');
    }),
  );
});

test('judge – any cluster before the controller saw the change – waits', (t) => {
  fc.assert(
    fc.property(anyCluster, (of) => {
      const deployments = of.deployments.map((it) => ({ ...it, generation: it.generation + 1 }));
      t.is(judge('dj-service', { ...of, deployments }).code, 'NOT_OBSERVED');
    }),
  );
});

test('judge – any cluster – does not depend on what a list names twice', (t) => {
  fc.assert(
    fc.property(anyCluster, fc.nat(3), (of, more) => {
      const again = <T>(items: readonly T[]) => [...items, ...items.slice(0, more)];
      const doubled = {
        deployments: of.deployments,
        replicaSets: again(of.replicaSets),
        pods: again(of.pods),
        warnings: again(of.warnings),
      };
      t.deepEqual(judge('dj-service', doubled), judge('dj-service', of));
    }),
    { numRuns: 300 },
  );
});

/** What a read may find after a patch: the old counts, all right, until the controller has looked. */
test('judge – 1,000 reads right after a patch – none takes the old rollout for the new one', (t) => {
  const read = fc.record({
    wanted: fc.integer({ min: 1, max: 3 }),
    generation: fc.integer({ min: 2, max: 50 }),
    behind: fc.integer({ min: 1, max: 3 }),
    missing: fc.boolean(),
  });
  fc.assert(
    fc.property(read, ({ wanted, generation, behind, missing }) => {
      const pods = Array.from({ length: wanted }, () => ready());
      const counts = { replicas: wanted, updatedReplicas: wanted, availableReplicas: wanted };
      const status = missing ? counts : { ...counts, observedGeneration: generation - behind };
      const of = rollout('dj-service', { wanted, newPods: pods, generation, status });
      t.is(judge('dj-service', of).state, 'waiting');
    }),
    { numRuns: 1_000 },
  );
});
