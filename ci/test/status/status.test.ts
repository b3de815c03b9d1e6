import test from 'ava';
import { statusText } from '../../src/report/status-text.ts';
import { healthBody } from '../fake-target.ts';
import { earlierImage } from '../release/earlier.ts';
import { backOff, ready } from '../rollout/cluster.ts';
import { failed, running, statusOf } from './scripted.ts';

const forbidden = 'Error from server (Forbidden): it is forbidden: User "deployer" cannot list it';

test('status – all is well – releases, use beside requests and limits, what it stands on', async (t) => {
  const { status } = await statusOf({ release: { by: 'UT07' } });
  t.is(
    statusText(status),
    `Status of production on i-077f139e329506bf5 over SSM
  serves     20261122t090000z-fedcba9, commit fedcba987654 of main
             verified 2026-11-22 09:01:33 UTC, 1 h ago, by UT07

SERVICE         IMAGE     PODS  RESTARTS  CPU m       MEMORY Mi  STATE
aggregator      eeeeeeee  1/1   0         12/100/300  83/96/256  well
auth-service    eeeeeeee  1/1   0         12/100/300  83/96/256  well
events-service  eeeeeeee  1/1   0         12/100/300  83/96/256  well
dj-service      eeeeeeee  1/1   0         12/100/300  83/96/256  well
venue-service   eeeeeeee  1/1   0         12/100/300  83/96/256  well
ml-service      eeeeeeee  1/1   0         12/100/300  83/96/256  well

autoscaler  aggregator: 1 of 1 to 2; cpu 12 % of 70 %
host        api.whatsthecraic.run.place → aggregator
node        node-1: cpu 25 % of 2, memory 50 % of 2.0 GiB

All is well: 6 services, 6 pods, all ready and answering.`,
  );
  t.is(status.verdict, 'well');
  t.true(
    statusText(status)
      .split('\n')
      .every((line) => line.length <= 80),
  );
});

test('status – a service crashes – ill, by name and reason', async (t) => {
  const { status } = await statusOf({ pods: { 'dj-service': [backOff({ code: 1 }, 4)] } });
  const dj = status.services.find((it) => it.service === 'dj-service');
  t.like(dj, { state: 'ill', pods: { ready: 0, wanted: 1, old: 0 }, restarts: 4 });
  t.regex(dj?.message ?? '', /exit/);
  t.is(status.summary, 'Not well: dj-service.');
  t.regex(statusText(status), /\n {2}dj-service: .*exit/);
});

test('status – ready, but not answering – ill; what a critical service does is said', async (t) => {
  const { status } = await statusOf({
    health: ({ service }) =>
      service === 'auth-service'
        ? new Error('connection refused')
        : healthBody(service, `src-${service}`),
  });
  t.is(status.summary, 'Not well: auth-service, which is critical.');
  t.regex(statusText(status), /auth-service: pod auth-service-new-0 gave no answer: connection/);
});

const withoutDatabase = (probe: { service: string }) =>
  healthBody(probe.service, `src-${probe.service}`, {
    status: 'degraded',
    dependencies: { database: { status: 'down', detail: 'database_unavailable' } },
  });

test('status – several lack the database – that is the first cause; one alone speaks for itself', async (t) => {
  const most = await statusOf({
    health: (probe) =>
      probe.service === 'aggregator' ? healthBody('aggregator', 'src') : withoutDatabase(probe),
  });
  const one = await statusOf({
    health: (probe) =>
      probe.service === 'dj-service' ? withoutDatabase(probe) : healthBody(probe.service, 'src'),
  });

  t.is(
    most.status.summary,
    'Not well: auth-service, events-service, dj-service, venue-service, ml-service, a critical one among them. First cause: the database, which 5 services lack.',
  );
  t.is(one.status.summary, 'Not well: dj-service.');
});

test('status – something else runs than the release recorded – said', async (t) => {
  const other = earlierImage('dj-service').replaceAll('e', 'c').replace('rcgistry', 'registry');
  const { status } = await statusOf({ pods: { 'dj-service': [running('dj-service', other)] } });
  const dj = status.services.find((it) => it.service === 'dj-service');
  t.is(dj?.state, 'ill');
  t.is(dj?.message, 'runs sha256:cccccccccccc, and its release recorded sha256:eeeeeeeeeeee');
});

test('status – a service can do without what is away – well, and said', async (t) => {
  const { status } = await statusOf({
    health: ({ service }) =>
      healthBody(service, `src-${service}`, {
        status: 'degraded',
        dependencies: { 'ml-service': { status: 'down', detail: 'timeout' } },
      }),
  });
  t.is(status.verdict, 'well');
  t.regex(statusText(status), /aggregator: says degraded: ml-service: timeout/);
});

test('status – the last release failed – its code and who failed, beside what serves', async (t) => {
  const { status } = await statusOf({ release: { state: 'rolled-back' } });
  t.like(status.last, { code: 'RELEASE_ROLLED_BACK', state: 'rolled-back' });
  t.is(status.serving, undefined);
  const text = statusText(status);
  t.regex(text, /serves {5}no release that was proven/);
  t.regex(text, /last {7}20261122t090000z-fedcba9 RELEASE_ROLLED_BACK/);
});

const lease = (renewTime: string) => ({
  metadata: {
    name: 'whatsthecraic-release',
    resourceVersion: '7',
    annotations: { 'whatsthecraic.run.place/by': 'UT07', 'whatsthecraic.run.place/step': 'apply' },
  },
  spec: {
    holderIdentity: '20261122t100100z-0123456',
    leaseTransitions: 3,
    acquireTime: '2026-11-22T10:00:00.000000Z',
    renewTime,
  },
});

test('status – a release is under way – who, since when and at which step', async (t) => {
  const { status } = await statusOf({ lease: lease('2026-11-22T10:01:20.000000Z') });
  t.deepEqual(status.underWay, {
    release: '20261122t100100z-0123456',
    ...{ by: 'UT07', since: '2026-11-22T10:00:00Z', step: 'apply', dead: false },
  });
  t.is(status.verdict, 'rolling');
  t.regex(statusText(status), /under way {2}20261122t100100z-0123456 of UT07 since 2026-.*"apply"/);
});

test('status – a holder is silent for minutes – the release is dead, and that is said', async (t) => {
  const { status } = await statusOf({ lease: lease('2026-11-22T09:50:00.000000Z') });
  t.true(status.underWay?.dead);
  t.regex(statusText(status), /nobody drives it any more/);
  t.regex(status.summary, /was left half-way; all that serves is well\.$/);
});

test('status – a record goes on and nobody holds the Lease – dead', async (t) => {
  const { status } = await statusOf({ release: { state: 'deploying' } });
  t.like(status.underWay, { release: '20261122t090000z-fedcba9', dead: true });
});

test('status – the records may not be read – cannot tell, never well', async (t) => {
  const { status } = await statusOf({
    answer: (args) => (args[1] === 'configmaps' ? failed(forbidden) : undefined),
  });
  t.is(status.verdict, 'unsure');
  t.regex(status.summary, /^Cannot tell: the records of releases could not be asked\.$/);
  t.regex(statusText(status), /serves {5}not known/);
  t.regex(statusText(status), /\nNot asked: the records of releases: .*forbidden/);
});

test('status – nodes and kubelets may not be asked – well, and use is not known', async (t) => {
  const { status } = await statusOf({
    answer: (args) =>
      args[1] === 'nodes' || args[1] === 'horizontalpodautoscalers' ? failed(forbidden) : undefined,
  });
  t.is(status.verdict, 'well');
  t.deepEqual(
    status.notAsked.map(({ what }) => what),
    ['autoscalers', 'nodes'],
  );
  t.regex(statusText(status), /aggregator +eeeeeeee +1\/1 +0 +\?\/100\/300 +\?\/96\/256 +well/);
});

test('status – a kubelet does not say what pods use – named', async (t) => {
  const { status } = await statusOf({
    answer: (args) => (args.at(-1)?.endsWith('/summary') ? failed('timeout') : undefined),
  });
  t.regex(
    statusText(status),
    /Not asked: what pods and nodes use: The kubelet of node-1 .*timeout/,
  );
});

test('status – more pods than one – their use together, and old ones beside', async (t) => {
  const pods = { aggregator: [running('aggregator'), running('aggregator')] };
  const { status } = await statusOf({ pods });
  const [aggregator] = status.services;
  t.is(aggregator?.cpu.requested, 0.2);
  t.is(Math.round((aggregator?.memory.used ?? 0) / 2 ** 20), 166);
});

test('status – nothing was ever deployed – says so, and is not well', async (t) => {
  const { status } = await statusOf({
    release: 'none',
    pods: { 'ml-service': [ready(), ready()] },
  });
  t.is(status.serving, undefined);
  t.is(status.last, undefined);
});
