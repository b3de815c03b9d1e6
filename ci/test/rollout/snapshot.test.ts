import test from 'ava';
import { PipelineError } from '../../src/errors.ts';
import { parseSnapshot, takeSnapshot } from '../../src/rollout/snapshot.ts';
import type { KubectlOutput } from '../../src/target/target.ts';
import { readOnly } from '../read-only.ts';

const lines = (...records: readonly (readonly string[])[]): string =>
  records.map((cells) => `${cells.join('\x1f')}\x1e`).join('');
const deployment = [
  'Deployment',
  'dj-service',
  'u1',
  '7',
  '',
  '',
  '3',
  'src-abc',
  '0123',
  '20261122t090000z-fedcba9',
  '2',
  'true',
  '{"observedGeneration":7,"conditions":[{"type":"Available","status":"True"}]}',
];

test('parseSnapshot – a Deployment – every field by its name', (t) => {
  const { deployments } = parseSnapshot(lines(deployment), '');
  t.deepEqual(deployments, [
    {
      name: 'dj-service',
      uid: 'u1',
      generation: 7,
      revision: '3',
      release: '20261122t090000z-fedcba9',
      source: 'src-abc',
      commit: '0123',
      replicas: 2,
      paused: true,
      status: { observedGeneration: 7, conditions: [{ type: 'Available', status: 'True' }] },
    },
  ]);
});

test('parseSnapshot – absent fields – Kubernetes’ defaults', (t) => {
  const bare = ['Deployment', 'x', 'u', '1', '', '', '', '', '', '', '', '', ''];
  const [found] = parseSnapshot(lines(bare), '').deployments;
  t.is(found?.replicas, 1);
  t.false(found?.paused);
  t.deepEqual(found?.status, {});
  t.is(found?.revision, '');
});

test('parseSnapshot – replicas 0 – 0, not the default', (t) => {
  const zero = deployment.with(10, '0');
  t.is(parseSnapshot(lines(zero), '').deployments[0]?.replicas, 0);
});

test('parseSnapshot – ReplicaSets and pods – apart, with their owners', (t) => {
  const set = [
    'ReplicaSet',
    'x-1',
    'u2',
    '1',
    'u1',
    '',
    '3',
    '',
    '',
    '',
    '2',
    '',
    '{"replicas":2}',
  ];
  const pod = ['Pod', 'x-1-a', 'u3', '', 'u2', '', '', '', '', '', '', '', '{"phase":"Running"}'];
  const gone = [
    'Pod',
    'x-1-b',
    'u4',
    '',
    'u2',
    '2026-11-23T07:00:00Z',
    '',
    '',
    '',
    '',
    '',
    '',
    '{}',
  ];
  const snapshot = parseSnapshot(lines(set, pod, gone), '');
  t.deepEqual(snapshot.replicaSets, [
    { name: 'x-1', uid: 'u2', ownerUid: 'u1', revision: '3', replicas: 2 },
  ]);
  t.deepEqual(
    snapshot.pods.map(({ name, ownerUid, deleting }) => [name, ownerUid, deleting]),
    [
      ['x-1-a', 'u2', false],
      ['x-1-b', 'u2', true],
    ],
  );
});

test('parseSnapshot – messages with line breaks, tabs, quotes and other scripts – whole', (t) => {
  const message = 'first "line"\n\tsecond – Ó Briain 🎻\n';
  const status = JSON.stringify({ phase: 'Failed', message });
  const pod = ['Pod', 'p', 'u', '', 'o', '', '', '', '', '', '', '', status];
  const warning = ['Pod', 'p', 'Failed', '3', '2026-11-23T07:00:00Z', '', message];
  const snapshot = parseSnapshot(lines(pod), lines(warning));
  t.is(snapshot.pods[0]?.status.message, message);
  t.is(snapshot.warnings[0]?.message, message);
});

for (const absent of ['', '<nil>', '<no value>', 'null']) {
  test(`parseSnapshot – a warning of the scheduler, lastTimestamp ${absent || 'empty'} – its eventTime`, (t) => {
    const time = '2026-11-23T07:00:00.123456Z';
    const warning = ['Pod', 'p', 'FailedScheduling', '', absent, time, 'no room'];
    t.deepEqual(parseSnapshot('', lines(warning)).warnings, [
      {
        object: 'Pod/p',
        reason: 'FailedScheduling',
        message: 'no room',
        count: 1,
        lastSeen: time,
      },
    ]);
  });
}

test('parseSnapshot – an empty namespace – an empty snapshot', (t) => {
  t.deepEqual(parseSnapshot('', ''), {
    deployments: [],
    replicaSets: [],
    pods: [],
    warnings: [],
  });
});

test('parseSnapshot – a status that is no JSON – says which object', (t) => {
  const broken = deployment.with(12, 'map[observedGeneration:7]');
  const error = t.throws(() => parseSnapshot(lines(broken), ''), { instanceOf: PipelineError });
  t.is(error.code, 'KUBECTL_FAILED');
  t.regex(error.message, /status of Deployment dj-service/);
});

const target = (output: KubectlOutput) => ({
  description: 'i-0123 over SSM',
  namespace: 'whatsthecraic',
  kubectl: async (calls: readonly unknown[]) => calls.map(() => output),
  probe: async () => [],
  ...readOnly,
});

test('takeSnapshot – kubectl fails – CLUSTER_UNREACHABLE with its words', async (t) => {
  const bad = { exitCode: 1, stdout: '', stderr: 'The connection was refused\n' };
  const error = await t.throwsAsync(takeSnapshot(target(bad)), { instanceOf: PipelineError });
  t.is(error.code, 'CLUSTER_UNREACHABLE');
  t.regex(error.message, /i-0123 over SSM did not answer: The connection was refused/);
});

test('takeSnapshot – kubectl killed at its limit – says so though nothing was printed', async (t) => {
  const killed = { exitCode: 137, stdout: '', stderr: '' };
  await t.throwsAsync(takeSnapshot(target(killed)), { message: /exit code 137/ });
});
