import test from 'ava';
import { PipelineError } from '../../src/errors.ts';
import { attemptDelays, verifyHealth } from '../../src/health/verify.ts';
import { findService } from '../../src/services.ts';
import type { Probe } from '../../src/target/target.ts';
import { fakeClock } from '../fake-clock.ts';
import { fakeTarget, healthBody } from '../fake-target.ts';
import { backOff, cluster, ready, restarted, rollout } from '../rollout/cluster.ts';
import { ingressText } from './endpoint-texts.ts';
import { good, healthy, message, source, two, verify } from './scripted.ts';

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

test('verifyHealth – the Service leads to the wrong release for ever – six attempts within 330 s, then told', async (t) => {
  const outcome = await verify({
    health: (probe) => {
      const astray = probe.service === 'aggregator' && probe.via === 'service';
      return healthBody(probe.service, astray ? 'src-old' : source);
    },
  });
  t.deepEqual(healthy(outcome), [false, true]);
  t.is(outcome.probedAt.length, 6);
  t.true(outcome.seconds <= 330, `${outcome.seconds} s`);
  t.regex(message(outcome) ?? '', /^Service \S+ is answered by another release: src-old$/);
  t.is(outcome.said.filter((line) => line.startsWith('aggregator: attempt')).length, 6);
});

test('verifyHealth – a pod of the complete rollout is another release – told at once', async (t) => {
  const outcome = await verify({
    health: (probe) =>
      healthBody(probe.service, probe.service === 'aggregator' ? 'src-old' : source),
  });
  t.deepEqual(healthy(outcome), [false, true]);
  t.is(outcome.probedAt.length, 1);
  t.is(message(outcome), 'pod aggregator-new-0 is answered by another release: src-old');
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
  const ingresses = ingressText({
    rules: [{ host: 'a.ie', http: { paths: [{ backend: { service: { name: 'aggregator' } } }] } }],
  });
  const outcome = await verify({ ingresses });
  t.is(message(outcome), '1 pod, Service, 1 ingress host');
  const broken = await verify({
    ingresses,
    health: (probe) => (probe.via === 'ingress' ? '404 page not found' : good(probe)),
  });
  t.is(
    message(broken),
    'ingress a.ie leads nowhere: Traefik answers 404 for it, so it has no rule for the host, or one whose Service or port does not exist',
  );
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
