import test from 'ava';
import { diagnose } from '../../src/diagnose/diagnose.ts';
import { diagnosisText } from '../../src/report/diagnosis-text.ts';
import { services } from '../../src/services.ts';
import { names } from '../deploy-scenario.ts';
import { fakeClock } from '../fake-clock.ts';
import { fakeTarget, healthBody, type Script } from '../fake-target.ts';
import { backOff, cluster, type PodShape, ready, rollout, waiting } from '../rollout/cluster.ts';

const look = async (pods: Readonly<Record<string, PodShape>>, script: Partial<Script> = {}) => {
  const clock = fakeClock();
  const of = cluster(
    ...names.map((name) => rollout(name, { newPods: [pods[name] ?? ready()], source: 'src-1' })),
  );
  const target = fakeTarget(clock, {
    cluster: () => of,
    health: (probe) => healthBody(probe.service, 'src-1'),
    ...script,
  });
  const diagnosis = await diagnose({ target, services, clock });
  return { diagnosis, text: diagnosisText('production on i-1 over SSM', diagnosis), target };
};
const codes = ({ diagnosis }: Awaited<ReturnType<typeof look>>) =>
  Object.fromEntries(diagnosis.services.map((it) => [it.service, it.code]));

test('diagnose – all well – says so, with what was asked', async (t) => {
  const { diagnosis, text, target } = await look({});
  t.true(diagnosis.well);
  t.regex(text, /^Nothing is wrong with production on i-1 over SSM: all 6 services answer\.\n/);
  t.regex(text, /dj-service: 1 pod, Service/);
  t.false(
    target.calls.some(([verb]) => verb !== 'get'),
    'it changes nothing',
  );
});

test('diagnose – all but the gateway lack the database – that is named first', async (t) => {
  const { diagnosis, text } = await look(
    {},
    {
      health: ({ service }) =>
        healthBody(service, 'src-1', {
          status: 'degraded',
          dependencies:
            service === 'aggregator'
              ? { 'auth-service': { status: 'down', detail: 'degraded' } }
              : { database: { status: 'down', detail: 'database_unavailable' } },
        }),
    },
  );
  t.is(diagnosis.firstCause, 'First cause: the database, which 5 services lack.');
  t.regex(
    text,
    /^5 of 6 services .* are not well: .*\.\nFirst cause: the database, which 5 services lack\.\n/,
  );
});

test('diagnose – one crashes, one waits for the registry, one is ill – each with proof and cure', async (t) => {
  const found = await look(
    {
      'dj-service': backOff({ code: 3 }, 4),
      'ml-service': waiting('ErrImagePull', 'dial tcp 10.0.0.1:443: i/o timeout'),
    },
    {
      log: () => 'Error: the decks are on fire password=hunter2000\n',
      health: (probe) =>
        probe.service === 'auth-service'
          ? healthBody('auth-service', 'src-1', {
              status: 'unready',
              dependencies: { database: { status: 'failed', detail: 'refused' } },
            })
          : healthBody(probe.service, 'src-1'),
    },
  );
  t.false(found.diagnosis.well);
  t.deepEqual(codes(found), {
    aggregator: 'HEALTHY',
    'auth-service': 'UNHEALTHY',
    'events-service': 'HEALTHY',
    'dj-service': 'CRASHED',
    'venue-service': 'HEALTHY',
    'ml-service': 'IMAGE_PULL_FAILED',
  });
  const { text } = found;
  t.regex(
    text,
    /^3 of 6 services of production on i-1 over SSM are not well: auth-service, dj-service, ml-service\./,
  );
  t.regex(text, /dj-service: CRASHED: .*\n {2}Mend what the log shows/);
  t.regex(text, /auth-service \(critical\): UNHEALTHY: .*database: refused/);
  t.regex(text, /ml-service: IMAGE_PULL_FAILED: .*\n {2}It may pass by itself/);
  t.regex(text, /the decks are on fire/);
  t.notRegex(text, /hunter2000/);
  t.regex(text, /Well: aggregator, events-service, venue-service\.$/);
});

test('diagnose – a service that another release answers for – is told', async (t) => {
  const found = await look({}, { health: (probe) => healthBody(probe.service, 'src-2') });
  t.true(Object.values(codes(found)).every((code) => code === 'UNHEALTHY'));
  t.regex(found.text, /is answered by another release: src-2/);
});
