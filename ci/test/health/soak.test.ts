import test from 'ava';
import type { Snapshot } from '../../src/rollout/kubernetes.ts';
import type { Probe } from '../../src/target/target.ts';
import { cluster, ending, exited, ready, rollout, unready } from '../rollout/cluster.ts';
import { good, healthy, message, source, two, verify } from './scripted.ts';

test('soak – all stays well – asked every 2 s until it is over', async (t) => {
  const outcome = await verify({}, 60);
  t.deepEqual(healthy(outcome), [true, true]);
  t.is(outcome.seconds, 60);
  t.is(outcome.probedAt.length, 31);
});

const flapping =
  (...times: readonly (readonly [number, number])[]) =>
  (probe: Probe, s: number) =>
    probe.service === 'dj-service' && times.some(([from, to]) => s >= from && s < to)
      ? new Error('connection refused')
      : good(probe);

test('soak – ill at one look – tolerated, and said', async (t) => {
  const outcome = await verify({ health: flapping([20, 21]) }, 60);
  t.deepEqual(healthy(outcome), [true, true]);
  t.is(outcome.seconds, 60);
  t.regex(outcome.said.at(-1) ?? '', /^dj-service: during the soak: pod .* gave no answer/);
});

test('soak – ill at two looks in a row – ends at once', async (t) => {
  const outcome = await verify({ health: flapping([20, 24]) }, 60);
  t.deepEqual(healthy(outcome), [true, false]);
  t.is(outcome.seconds, 22);
});

test('soak – ill at two looks far apart – ends at the second', async (t) => {
  const outcome = await verify({ health: flapping([10, 11], [40, 41]) }, 60);
  t.deepEqual(healthy(outcome), [true, false]);
  t.is(outcome.seconds, 40);
});

test('soak – ill at the last look – looked at once more', async (t) => {
  const well = await verify({ health: flapping([59, 61]) }, 60);
  t.deepEqual(healthy(well), [true, true]);
  t.is(well.seconds, 62);
  const ill = await verify({ health: flapping([59, 90]) }, 60);
  t.deepEqual(healthy(ill), [true, false]);
});

test('soak – two services ill once each – tolerated', async (t) => {
  const outcome = await verify(
    {
      health: (probe, s) =>
        (s === 20 && probe.service === 'dj-service') || (s === 22 && probe.service === 'aggregator')
          ? new Error('reset')
          : good(probe),
    },
    60,
  );
  t.deepEqual(healthy(outcome), [true, true]);
});

const soaking = (newPods: (s: number) => Snapshot) => (s: number) =>
  cluster(rollout('aggregator', { newPods: [ready()], source }), newPods(s));

test('soak – an app that crashes after 20 s – ends, with what happened', async (t) => {
  const outcome = await verify(
    {
      cluster: soaking((s) =>
        rollout('dj-service', { newPods: [s < 20 ? ready() : exited({ code: 1 })], source }),
      ),
      health: (probe, s) =>
        s >= 20 && probe.service === 'dj-service' ? new Error('refused') : good(probe),
    },
    60,
  );
  t.deepEqual(healthy(outcome), [true, false]);
  t.is(outcome.seconds, 22);
  t.regex(message(outcome, 1) ?? '', /the container exited with code 1 once/);
});

test('soak – crashes that heal between looks – seen by the count of restarts', async (t) => {
  const outcome = await verify(
    {
      cluster: soaking((s) =>
        rollout('dj-service', { newPods: [ready(Math.floor(s / 15))], source }),
      ),
    },
    60,
  );
  t.deepEqual(healthy(outcome), [true, false]);
  t.is(message(outcome, 1), 'pod dj-service-new-0 was started again');
  t.is(outcome.seconds, 30);
});

test('soak – an autoscaler adds a pod that takes its time – no flaw', async (t) => {
  const outcome = await verify(
    {
      cluster: soaking((s) =>
        s < 10
          ? rollout('dj-service', { newPods: [ready()], source })
          : rollout('dj-service', {
              wanted: 2,
              newPods: [ready(), s < 30 ? unready() : ready()],
              source,
            }),
      ),
      health: (probe, s) =>
        probe.via === 'pod' && probe.pod === 'dj-service-new-1' && s < 30
          ? new Error('refused')
          : good(probe),
    },
    60,
  );
  t.deepEqual(healthy(outcome), [true, true]);
  t.is(message(outcome, 1), '2 pods, Service');
});

test('soak – an autoscaler ends a pod – no flaw', async (t) => {
  const outcome = await verify(
    {
      cluster: soaking((s) =>
        s < 10
          ? rollout('dj-service', { wanted: 2, newPods: [ready(), ready()], source })
          : rollout('dj-service', {
              newPods: s < 40 ? [ready(), ending(ready())] : [ready()],
              source,
            }),
      ),
    },
    60,
  );
  t.deepEqual(healthy(outcome), [true, true]);
});

test('soak – one of two pods turns unready – ends', async (t) => {
  const outcome = await verify(
    {
      cluster: soaking((s) =>
        rollout('dj-service', {
          wanted: 2,
          newPods: [ready(), s < 10 ? ready() : unready()],
          source,
        }),
      ),
    },
    60,
  );
  t.deepEqual(healthy(outcome), [true, false]);
});

test('soak – somebody deploys another release meanwhile – ends', async (t) => {
  const outcome = await verify(
    {
      cluster: soaking((s) =>
        rollout(
          'dj-service',
          s < 10
            ? { newPods: [ready()], source }
            : { newPods: [unready()], oldPods: [ready()], revisions: ['3', '2'], source },
        ),
      ),
    },
    60,
  );
  t.deepEqual(healthy(outcome), [true, false]);
});

test('soak – the API server is away for 10 s – the soak goes on', async (t) => {
  const outcome = await verify(
    {
      cluster: (s) => {
        if (s > 20 && s < 30) throw new Error('connection refused');
        return two();
      },
    },
    60,
  );
  t.deepEqual(healthy(outcome), [true, true]);
});
