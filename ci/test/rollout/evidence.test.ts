import test from 'ava';
import { collectEvidence, warningsOf } from '../../src/rollout/evidence.ts';
import type { Verdict } from '../../src/rollout/verdict.ts';
import { fakeClock } from '../fake-clock.ts';
import { fakeTarget, type Script } from '../fake-target.ts';
import { backOff, cluster, ready, rollout } from './cluster.ts';

const crashed: Verdict = {
  service: 'dj-service',
  state: 'failed',
  code: 'CRASHED',
  message: 'the container exited with code 1 2 times',
  pod: 'dj-service-new-0',
  container: 'app',
  previousLog: true,
};
const snapshot = rollout('dj-service', { newPods: [backOff({ code: 1 }, 2)], oldPods: [ready()] });

async function collect(verdicts: readonly Verdict[], log: Script['log'], of = snapshot) {
  const target = fakeTarget(fakeClock(), { cluster: () => of, ...(log ? { log } : {}) });
  return { evidence: await collectEvidence(target, verdicts, of), calls: target.calls };
}

test('collectEvidence – a crash – the previous container’s last lines', async (t) => {
  const { evidence } = await collect([crashed], (_pod, previous) =>
    previous ? 'starting\nFATAL missing DB_HOST\n' : 'starting again\n',
  );
  t.deepEqual(evidence[0]?.log, ['starting', 'FATAL missing DB_HOST']);
});

test('collectEvidence – started again since, the previous log is gone – the present one', async (t) => {
  const { evidence } = await collect([crashed], (_pod, previous) => (previous ? '' : 'FATAL x\n'));
  t.deepEqual(evidence[0]?.log, ['FATAL x']);
});

test('collectEvidence – init container fails – its own log is asked for', async (t) => {
  const { calls } = await collect([{ ...crashed, container: 'migrate' }], () => 'x');
  const logs = calls.filter(([verb]) => verb === 'logs');
  t.true(
    logs.length > 0 && logs.every((args) => args[args.indexOf('--container') + 1] === 'migrate'),
  );
});

test('collectEvidence – a verdict that names no container – the service’s own', async (t) => {
  const { container: _container, ...bare } = crashed;
  const { calls } = await collect([bare], () => 'x');
  const logs = calls.filter(([verb]) => verb === 'logs');
  t.true(
    logs.length > 0 && logs.every((args) => args[args.indexOf('--container') + 1] === 'dj-service'),
  );
});

test('collectEvidence – a flood of long lines – within 16 kB, the end of it', async (t) => {
  const lines = Array.from({ length: 500 }, (_, n) => `${n} ${'x'.repeat(5_000)}`);
  const { evidence } = await collect([crashed], () => lines.join('\n'));
  const log = evidence[0]?.log ?? [];
  t.true(log.join('\n').length <= 16_000, `${log.join('\n').length}`);
  t.true(log.at(-1)?.startsWith('499 '));
});

test('collectEvidence – several failures, one without a pod – each its own, one round trip', async (t) => {
  const refused: Verdict = {
    service: 'ml-service',
    state: 'failed',
    code: 'POD_REFUSED',
    message: 'quota',
  };
  const other = { ...crashed, service: 'venue-service', pod: 'venue-service-new-0' };
  const { evidence, calls } = await collect([crashed, refused, other], (pod) => `log of ${pod}`);
  t.deepEqual(
    evidence.map(({ service, log }) => [service, ...log]),
    [
      ['dj-service', 'log of dj-service-new-0'],
      ['ml-service'],
      ['venue-service', 'log of venue-service-new-0'],
    ],
  );
  t.is(calls.length, 7, 'two logs and a pod each, and the nodes');
});

test('collectEvidence – no log at all – none, and no failure', async (t) => {
  const { evidence } = await collect([crashed], undefined);
  t.deepEqual(evidence, [
    {
      service: 'dj-service',
      pod: 'dj-service-new-0',
      log: [],
      warnings: [],
      facts: [
        'container app: waiting (CrashLoopBackOff), 2 restarts; before that ended with exit code 1 (Error)',
      ],
    },
  ]);
});

const warning = (object: string, lastSeen: string, count = 1) => ({
  object,
  reason: 'Failed',
  message: `m ${object}`,
  count,
  lastSeen,
});
const withWarnings = (...warnings: ReturnType<typeof warning>[]) => ({ ...snapshot, warnings });

test('warningsOf – a pod that shows it – its warnings alone, the newest last, counted', (t) => {
  const of = withWarnings(
    warning('Pod/dj-service-new-0', '2026-11-23T02:00:09Z', 4),
    warning('Pod/dj-service-new-0', '2026-11-23T02:00:01Z'),
    warning('Pod/dj-service-old-0', '2026-11-23T02:00:05Z'),
    warning('Pod/ml-service-new-0', '2026-11-23T02:00:05Z'),
  );
  t.deepEqual(warningsOf(crashed, of), [
    'Failed Pod/dj-service-new-0: m Pod/dj-service-new-0',
    'Failed (4×) Pod/dj-service-new-0: m Pod/dj-service-new-0',
  ]);
});

test('warningsOf – no pod – Deployment, newest ReplicaSet and its pods; nothing of earlier releases', (t) => {
  const { pod: _pod, ...refused } = crashed;
  const of = withWarnings(
    warning('Deployment/dj-service', '1'),
    warning('ReplicaSet/dj-service-new', '2'),
    warning('Pod/dj-service-new-0', '3'),
    warning('ReplicaSet/dj-service-old', '4'),
    warning('Pod/dj-service-old-0', '5'),
    warning('Pod/dj-service-6f7-x2x', '6'),
    warning('Deployment/ml-service', '7'),
  );
  t.deepEqual(
    warningsOf(refused, of).map((line) => line.split(' ')[1]),
    ['Deployment/dj-service:', 'ReplicaSet/dj-service-new:', 'Pod/dj-service-new-0:'],
  );
});

test('warningsOf – many, some alike – each once, eight at most', (t) => {
  const of = withWarnings(
    ...Array.from({ length: 30 }, (_, n) => ({
      ...warning('Pod/dj-service-new-0', String(n).padStart(2, '0')),
      message: `m ${n % 12}`,
    })),
  );
  const lines = warningsOf(crashed, of);
  t.is(lines.length, 8);
  t.is(new Set(lines).size, 8);
});

test('warningsOf – the service is gone – none', (t) => {
  const { pod: _pod, ...bare } = crashed;
  t.deepEqual(warningsOf(bare, cluster()), []);
});
