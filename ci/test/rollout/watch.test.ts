import test from 'ava';
import { PipelineError } from '../../src/errors.ts';
import type { Snapshot } from '../../src/rollout/kubernetes.ts';
import { type Watched, watchRollouts } from '../../src/rollout/watch.ts';
import { fakeClock } from '../fake-clock.ts';
import { fakeTarget } from '../fake-target.ts';
import {
  backOff,
  cluster,
  ending,
  exited,
  ready,
  restarted,
  rollout,
  unready,
  unschedulable,
  waiting,
} from './cluster.ts';

interface Outcome extends Watched {
  readonly seconds: number;
  readonly said: readonly string[];
  readonly looks: number;
}

async function watch(
  of: (seconds: number) => Snapshot,
  services = ['dj-service'],
  timeoutSeconds = 600,
): Promise<Outcome> {
  const clock = fakeClock();
  const target = fakeTarget(clock, { cluster: of });
  const said: string[] = [];
  const watched = await watchRollouts({
    target,
    clock,
    services,
    timeoutSeconds,
    say: (line) => said.push(line),
  });
  return { ...watched, seconds: clock.seconds(), said, looks: target.trips.length };
}

const roll = (shape: Parameters<typeof rollout>[1]) => rollout('dj-service', shape);
const old = ready();
const codes = ({ verdicts }: Watched) => verdicts.map((it) => `${it.state} ${it.code}`);

test('watchRollouts – a good rollout – ready when the old pod is gone', async (t) => {
  const outcome = await watch((s) => {
    if (s < 2) return roll({ newPods: [waiting('ContainerCreating')], oldPods: [old] });
    if (s < 8) return roll({ newPods: [unready()], oldPods: [old] });
    if (s < 20) return roll({ newPods: [ready()], oldPods: [ending(old)] });
    return roll({ newPods: [ready()] });
  });
  t.deepEqual(codes(outcome), ['ready READY']);
  t.is(outcome.seconds, 20);
  t.is(outcome.readyAfter.get('dj-service'), 20);
});

test('watchRollouts – nothing changed – one look', async (t) => {
  const outcome = await watch(() => roll({ newPods: [ready()] }));
  t.is(outcome.looks, 1);
  t.is(outcome.seconds, 0);
});

test('watchRollouts – crash on start (N2) – failed at the second exit, in 3 s', async (t) => {
  const outcome = await watch((s) => {
    const oldPods = [old];
    if (s < 1) return roll({ newPods: [unready()], oldPods });
    if (s < 1.5) return roll({ newPods: [exited({ code: 1 })], oldPods });
    if (s < 2.5) return roll({ newPods: [restarted({ code: 1 }, 1)], oldPods });
    return roll({ newPods: [backOff({ code: 1 }, 1)], oldPods });
  });
  t.deepEqual(codes(outcome), ['failed CRASHED']);
  t.true(outcome.seconds <= 3, `${outcome.seconds} s`);
  t.is(outcome.verdicts[0]?.exitCode, 1);
});

test('watchRollouts – one crash that heals – ready', async (t) => {
  const outcome = await watch((s) => {
    if (s < 2) return roll({ newPods: [exited({ code: 1 })] });
    if (s < 30) return roll({ newPods: [restarted({ code: 1 }, 1)] });
    return roll({ newPods: [ready(1)] });
  });
  t.deepEqual(codes(outcome), ['ready READY']);
});

test('watchRollouts – registry away for 8 s (N6) – heals', async (t) => {
  const outcome = await watch((s) => {
    const oldPods = [old];
    if (s < 13) {
      return roll({
        newPods: [waiting('ErrImagePull', 'code = Unknown: connection refused')],
        oldPods,
      });
    }
    if (s < 14)
      return roll({ newPods: [waiting('ImagePullBackOff', 'Back-off pulling image "x"')] });
    return roll({ newPods: [ready()] });
  });
  t.deepEqual(codes(outcome), ['ready READY']);
});

test('watchRollouts – denied, then a back-off that forgets why – failed with the cause', async (t) => {
  const outcome = await watch((s) =>
    roll({
      newPods: [
        s < 5
          ? waiting('ErrImagePull', 'unexpected status: 403 Forbidden')
          : waiting('ImagePullBackOff', 'Back-off pulling image "x"'),
      ],
    }),
  );
  t.deepEqual(codes(outcome), ['failed IMAGE_DENIED']);
  t.is(outcome.verdicts[0]?.message, 'unexpected status: 403 Forbidden');
  t.true(outcome.seconds <= 9);
});

test('watchRollouts – Secret arrives after 5 s – ready', async (t) => {
  const missing = waiting('CreateContainerConfigError', 'secret "whatsthecraic-secrets" not found');
  const outcome = await watch((s) => roll({ newPods: [s < 5 ? missing : ready()] }));
  t.deepEqual(codes(outcome), ['ready READY']);
});

test('watchRollouts – no room until the others’ old pods end, 40 s – ready', async (t) => {
  const outcome = await watch(
    (s) =>
      cluster(
        roll(s < 40 ? { newPods: [unschedulable()], oldPods: [old] } : { newPods: [ready()] }),
        s < 20
          ? rollout('ml-service', { newPods: [unready()], oldPods: [old] })
          : rollout('ml-service', {
              newPods: [ready()],
              oldPods: s < 39 ? [ending(old)] : [],
            }),
      ),
    ['dj-service', 'ml-service'],
  );
  t.deepEqual(codes(outcome), ['ready READY', 'ready READY']);
});

test('watchRollouts – no room and nobody gives any – failed after 15 s', async (t) => {
  const outcome = await watch(() => roll({ newPods: [unschedulable()], oldPods: [old] }));
  t.deepEqual(codes(outcome), ['failed NO_ROOM']);
  t.true(outcome.seconds >= 15 && outcome.seconds < 16);
});

test('watchRollouts – never ready – failed at the deadline as NOT_READY, the pod named', async (t) => {
  const outcome = await watch(() => roll({ newPods: [unready()], oldPods: [old] }), undefined, 60);
  t.deepEqual(codes(outcome), ['failed NOT_READY']);
  t.is(outcome.verdicts[0]?.pod, 'dj-service-new-0');
  t.regex(outcome.verdicts[0]?.message ?? '', /not done after 60 s: 0 of 1 new pods available/);
  t.true(outcome.seconds >= 60 && outcome.seconds < 62);
});

test('watchRollouts – stuck before it runs – failed at the deadline as TIMED_OUT', async (t) => {
  const of = () => roll({ newPods: [waiting('ContainerCreating')] });
  t.deepEqual(codes(await watch(of, undefined, 30)), ['failed TIMED_OUT']);
});

test('watchRollouts – the controller never sees the change – failed as TIMED_OUT', async (t) => {
  t.deepEqual(codes(await watch(() => roll({ status: {} }), undefined, 30)), ['failed TIMED_OUT']);
});

test('watchRollouts – old pod ignores SIGTERM for ever – failed as OLD_PODS_REMAIN', async (t) => {
  const of = () => roll({ newPods: [ready()], oldPods: [ending(old)] });
  t.deepEqual(codes(await watch(of, undefined, 30)), ['failed OLD_PODS_REMAIN']);
});

test('watchRollouts – one of three fails at once – the others are watched to their ends', async (t) => {
  const outcome = await watch(
    (s) =>
      cluster(
        roll({ newPods: [backOff({ code: 1 }, 3)] }),
        rollout('ml-service', { newPods: [s < 25 ? unready() : ready()] }),
        rollout('venue-service', { newPods: [ready()] }),
      ),
    ['dj-service', 'ml-service', 'venue-service'],
  );
  t.deepEqual(codes(outcome), ['failed CRASHED', 'ready READY', 'ready READY']);
  t.is(outcome.seconds, 25);
  t.false(outcome.readyAfter.has('dj-service'));
});

test('watchRollouts – a ready service falls back while others roll – it is waited for again', async (t) => {
  const outcome = await watch(
    (s) =>
      cluster(
        roll({ newPods: [s >= 5 && s < 10 ? unready() : ready()] }),
        rollout('ml-service', { newPods: [s < 8 ? unready() : ready()] }),
      ),
    ['dj-service', 'ml-service'],
  );
  t.deepEqual(codes(outcome), ['ready READY', 'ready READY']);
  t.is(outcome.seconds, 10);
});

test('watchRollouts – the API server restarts, away for 10 s – watched on', async (t) => {
  const outcome = await watch((s) => {
    if (s > 3 && s < 13) throw new Error('connection refused');
    return roll({ newPods: [s < 15 ? unready() : ready()] });
  });
  t.deepEqual(codes(outcome), ['ready READY']);
});

test('watchRollouts – the API server stays away – CLUSTER_UNREACHABLE within a minute', async (t) => {
  const error = await t.throwsAsync(
    watch(() => {
      throw new Error('connection refused');
    }),
    { instanceOf: PipelineError },
  );
  t.is(error?.code, 'CLUSTER_UNREACHABLE');
});

test('watchRollouts – credentials expire – said at once, without trying again', async (t) => {
  const clock = fakeClock();
  const target = {
    ...fakeTarget(clock, { cluster: () => roll({}) }),
    kubectl: async () => {
      throw new PipelineError('AWS_DENIED', 'expired');
    },
  };
  const options = { target, clock, services: ['dj-service'], timeoutSeconds: 60, say: () => {} };
  const error = await t.throwsAsync(watchRollouts(options), { instanceOf: PipelineError });
  t.is(error?.code, 'AWS_DENIED');
  t.is(clock.seconds(), 0);
});

test('watchRollouts – a long quiet wait – a line at least every 11 s, none twice in a row', async (t) => {
  const clock = fakeClock();
  const said: { line: string; at: number }[] = [];
  const target = fakeTarget(clock, {
    cluster: (s) => roll({ newPods: [s < 60 ? unready() : ready()] }),
  });
  const say = (line: string) => said.push({ line, at: clock.seconds() });
  await watchRollouts({ target, clock, services: ['dj-service'], timeoutSeconds: 600, say });
  for (const [index, { line, at }] of said.entries()) {
    const before = said[index - 1];
    if (!before) continue;
    t.true(at - before.at <= 11, `${before.at} to ${at}`);
    t.not(line, before.line);
  }
  t.regex(said[1]?.line ?? '', /^8 s: waiting for dj-service: .*runs but is not ready$/);
});

test('watchRollouts – a pod runs and is not ready – a heartbeat says what it says of itself', async (t) => {
  const clock = fakeClock();
  const said: string[] = [];
  const body = {
    ...{ service: 'dj-service', status: 'unready', source: 'src-1' },
    dependencies: { database: { status: 'down', detail: 'database_unavailable' } },
  };
  const target = fakeTarget(clock, {
    cluster: (s) =>
      roll(s < 30 ? { newPods: [unready(true)], oldPods: [old] } : { newPods: [ready()] }),
    health: () => JSON.stringify(body),
  });
  const say = (line: string) => said.push(line);
  await watchRollouts({ target, clock, services: ['dj-service'], timeoutSeconds: 600, say });
  const beats = said.filter((line) => / s: waiting for /.test(line));
  t.is(beats.length, 3);
  t.regex(
    beats[0] ?? '',
    /^\d s: waiting for dj-service: .*not ready, says unready: database: database_unav/,
  );
});
