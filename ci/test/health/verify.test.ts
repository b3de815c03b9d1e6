import test from 'ava';
import { PipelineError } from '../../src/errors.ts';
import { attemptDelays, type ServiceHealth, verifyHealth } from '../../src/health/verify.ts';
import type { Snapshot } from '../../src/rollout/kubernetes.ts';
import { findService, type Service } from '../../src/services.ts';
import type { Probe } from '../../src/target/target.ts';
import { fakeClock } from '../fake-clock.ts';
import { fakeTarget, healthBody, type Script } from '../fake-target.ts';
import {
  backOff,
  cluster,
  ending,
  exited,
  ready,
  restarted,
  rollout,
  unready,
} from '../rollout/cluster.ts';

const source = 'src-1f2e3d4c';
const good = (probe: Probe) => healthBody(probe.service, source);
const two = () =>
  cluster(
    rollout('aggregator', { newPods: [ready()], source }),
    rollout('dj-service', { newPods: [ready()], source }),
  );

interface Outcome {
  readonly results: readonly ServiceHealth[];
  readonly seconds: number;
  readonly said: readonly string[];
  readonly probedAt: readonly number[];
}

async function verify(
  script: Partial<Script>,
  soakSeconds = 0,
  services: readonly Service[] = [findService('aggregator'), findService('dj-service')],
): Promise<Outcome> {
  const clock = fakeClock();
  const target = fakeTarget(clock, { cluster: two, health: good, ...script });
  const said: string[] = [];
  const results = await verifyHealth({
    target,
    services,
    clock,
    soakSeconds,
    say: (line) => said.push(line),
  });
  return { results, said, seconds: clock.seconds(), probedAt: target.probedAt };
}
const healthy = ({ results }: Outcome) => results.map((it) => it.healthy);
const message = ({ results }: Outcome, index = 0) => results[index]?.message;

test('attemptDelays – the founding document’s budget – six attempts within 330 s', (t) => {
  t.is(attemptDelays.length, 6);
  t.is(
    attemptDelays.reduce((sum, delay) => sum + delay, 0),
    330,
  );
});

test('verifyHealth – all healthy – told at once, after one round', async (t) => {
  const outcome = await verify({});
  t.deepEqual(healthy(outcome), [true, true]);
  t.is(outcome.seconds, 0);
  t.deepEqual(outcome.probedAt, [0]);
  t.is(message(outcome), '1 pod, Service');
  t.is(outcome.results[0]?.source, source);
});

test('verifyHealth – the wrong release answers for ever – six attempts within 330 s, then told', async (t) => {
  const outcome = await verify({
    health: (probe) =>
      healthBody(probe.service, probe.service === 'aggregator' ? 'src-old' : source),
  });
  t.deepEqual(healthy(outcome), [false, true]);
  t.is(outcome.probedAt.length, 6);
  t.true(outcome.seconds <= 330, `${outcome.seconds} s`);
  t.is(message(outcome), 'pod aggregator-new-0 is answered by another release: src-old');
  t.is(outcome.said.filter((line) => line.startsWith('aggregator: attempt')).length, 6);
});

test('verifyHealth – only one of three connections to the Service goes astray – not healthy', async (t) => {
  let asked = 0;
  const outcome = await verify({
    health: (probe) => {
      const astray = probe.via === 'service' && probe.service === 'dj-service' && asked++ % 3 === 2;
      return healthBody(probe.service, astray ? 'src-old' : source);
    },
  });
  t.deepEqual(healthy(outcome), [true, false]);
  t.regex(message(outcome, 1) ?? '', /^Service 10\.0\.0\.2 is answered by another release/);
});

test('verifyHealth – no release recorded – health counts, identity is not compared', async (t) => {
  const outcome = await verify({
    cluster: () =>
      cluster(
        rollout('aggregator', { newPods: [ready()] }),
        rollout('dj-service', { newPods: [ready()] }),
      ),
  });
  t.deepEqual(healthy(outcome), [true, true]);
});

test('verifyHealth – healthy a little later – told at the attempt after', async (t) => {
  const outcome = await verify({
    health: (probe, s) => (s < 5 ? new Error('connection refused') : good(probe)),
  });
  t.deepEqual(healthy(outcome), [true, true]);
  t.deepEqual(outcome.probedAt, [0, 2, 10]);
});

test('verifyHealth – a rollout still under way – attempts are kept for when it is complete', async (t) => {
  const outcome = await verify({
    cluster: (s) => {
      const newPods = [s < 120 ? restarted({ code: 1 }, 1 + Math.floor(s)) : ready()];
      return cluster(
        rollout('aggregator', { newPods: [ready()], source }),
        rollout('dj-service', { newPods, source }),
      );
    },
  });
  t.deepEqual(healthy(outcome), [true, true]);
  t.is(outcome.seconds, 120);
  t.true(outcome.probedAt.length <= 6);
});

test('verifyHealth – what is ill is certain to stay so – one attempt', async (t) => {
  const outcome = await verify({
    cluster: () =>
      cluster(
        rollout('aggregator', { newPods: [ready()], source }),
        rollout('dj-service', { newPods: [backOff({ code: 1 }, 4)], source }),
      ),
    health: (probe) => (probe.service === 'dj-service' ? new Error('refused') : good(probe)),
  });
  t.deepEqual(healthy(outcome), [true, false]);
  t.is(outcome.probedAt.length, 1);
  t.regex(message(outcome, 1) ?? '', /exited with code 1 5 times; pod dj-service-new-0 gave no/);
});

test('verifyHealth – the platform’s others are not asked about – their trouble fails nobody', async (t) => {
  const outcome = await verify(
    {
      health: (probe) =>
        healthBody(probe.service, source, {
          status: 'degraded',
          dependencies: { 'dj-service': { status: 'down', detail: 'refused' } },
        }),
    },
    0,
    [findService('aggregator')],
  );
  t.deepEqual(healthy(outcome), [true]);
  t.is(message(outcome), '1 pod, Service; says degraded: dj-service: refused');
});

test('verifyHealth – a Service is missing – not healthy, though the pods are', async (t) => {
  const outcome = await verify({ services: ['aggregator'] });
  t.deepEqual(healthy(outcome), [true, false]);
  t.is(message(outcome, 1), 'there is no Service of its name');
});

test('verifyHealth – nothing deployed – not healthy', async (t) => {
  const outcome = await verify({ cluster: () => cluster(), services: [] });
  t.deepEqual(healthy(outcome), [false, false]);
  t.is(message(outcome), 'there is no Deployment yet');
});

test('verifyHealth – ingress hosts – asked and counted', async (t) => {
  const rules = JSON.stringify([
    { host: 'a.ie', http: { paths: [{ backend: { service: { name: 'aggregator' } } }] } },
  ]);
  const ingresses = `\x1f\x1f{}\x1f${rules}\x1e`;
  const outcome = await verify({ ingresses });
  t.is(message(outcome), '1 pod, Service, 1 ingress host');
  const broken = await verify({
    ingresses,
    health: (probe) => (probe.via === 'ingress' ? '404 page not found' : good(probe)),
  });
  t.is(message(broken), 'ingress a.ie answered something else than health: "404 page not found"');
});

test('verifyHealth – one round of questions gets lost – asked again', async (t) => {
  const clock = fakeClock();
  const inner = fakeTarget(clock, { cluster: two, health: good });
  let rounds = 0;
  const target = {
    ...inner,
    probe: async (probes: readonly Probe[]) => {
      rounds += 1;
      if (rounds === 1) throw new PipelineError('COMMAND_TIMED_OUT', 'Command 1 timed out.');
      return inner.probe(probes);
    },
  };
  const services = [findService('aggregator')];
  const said: string[] = [];
  const results = await verifyHealth({
    target,
    services,
    clock,
    soakSeconds: 0,
    say: (line) => said.push(line),
  });
  t.true(results[0]?.healthy);
  t.regex(said[0] ?? '', /gave no answer: Command 1 timed out\.$/);
});

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
