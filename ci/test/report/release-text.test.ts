import test from 'ava';
import type { Release, ServiceResult } from '../../src/report/release.ts';
import { releaseId, releaseState } from '../../src/report/release.ts';
import { ReleaseNotProven, releaseResult } from '../../src/report/release-result.ts';
import { releaseText } from '../../src/report/release-text.ts';
import { services } from '../../src/services.ts';

const result = (service: string, more: Partial<ServiceResult> = {}): ServiceResult => ({
  service,
  critical: services.find((it) => it.name === service)?.critical ?? false,
  proven: true,
  image: `r/whatsthecraic/${service}@sha256:${'a'.repeat(64)}`,
  source: 'src-1f2e3d4c5b6a',
  built: false,
  newPods: 0,
  readySeconds: 0,
  code: 'HEALTHY',
  message: '1 pod, Service',
  ...more,
});

const release = (changed: readonly ServiceResult[], state: Release['state']): Release => ({
  id: '20261123t020000z-0123456',
  overlay: 'production',
  target: 'i-077f139e329506bf5 over SSM',
  commit: '0123456789abcdef0123456789abcdef01234567',
  branch: 'main',
  state,
  startedAt: '2026-11-23T02:00:00.000Z',
  seconds: { images: 30.04, apply: 1.2, serving: 14.3, verified: 60, total: 105.54 },
  services: services.map(({ name }) => changed.find((it) => it.service === name) ?? result(name)),
});

const earlier = `r/whatsthecraic/dj-service@sha256:${'b'.repeat(64)}`;
const rolled = result('dj-service', {
  ...{ built: true, newPods: 1, readySeconds: 14.25, restarts: 0, before: earlier },
});

test('releaseText – verified – a table, the outcome and the times', (t) => {
  t.is(
    releaseText(release([rolled], 'verified')),
    `Release 20261123t020000z-0123456
  production on i-077f139e329506bf5 over SSM, commit 0123456789ab of main

SERVICE         IMAGE                READY   RESTARTS  VERDICT
aggregator      aaaaaaaa             kept              proven
auth-service    aaaaaaaa             kept              proven
events-service  aaaaaaaa             kept              proven
dj-service      bbbbbbbb → aaaaaaaa  14.3 s  0         proven
venue-service   aaaaaaaa             kept              proven
ml-service      aaaaaaaa             kept              proven

Verified: all 6 services serve this release.
Took 105.5 s: images 30.0 s, apply 1.2 s, serving 14.3 s, verified 60.0 s.`,
  );
});

const { readySeconds: _readySeconds, ...neverReady } = rolled;
const crashed: ServiceResult = {
  ...neverReady,
  proven: false,
  code: 'CRASHED',
  message: 'the container exited with code 1 2 times',
  exitCode: 1,
  restarts: 2,
  evidence: {
    service: 'dj-service',
    pod: 'dj-service-7d9f-x2x',
    log: ['starting', 'FATAL missing DB_HOST'],
    warnings: ['BackOff (3×) Pod/dj-service-7d9f-x2x: Back-off restarting failed container'],
  },
};

test('releaseText – degraded – what crashed, what to do, who serves, the last words', (t) => {
  t.is(
    releaseText(release([crashed], 'degraded'))
      .split('\n')
      .slice(7)
      .join('\n'),
    `dj-service      bbbbbbbb → aaaaaaaa  never  2         CRASHED
  FATAL missing DB_HOST
venue-service   aaaaaaaa             kept             proven
ml-service      aaaaaaaa             kept             proven

dj-service: CRASHED: the container exited with code 1 2 times
  Mend what the log shows and deploy again.
  Its earlier pods go on serving, if there were any.
  warning: BackOff (3×) Pod/dj-service-7d9f-x2x: Back-off restarting failed container
  last lines of the log of dj-service-7d9f-x2x:
    starting
    FATAL missing DB_HOST

Degraded: every critical service serves this release, but not dj-service.
Nothing was undone, since there is no other proven release: mend the cause and deploy again, or deploy an earlier commit.
Took 105.5 s: images 30.0 s, apply 1.2 s, serving 14.3 s, verified 60.0 s.`,
  );
});

test('releaseText – failed – critical ones marked, the rest that serves named', (t) => {
  const ill = result('aggregator', {
    proven: false,
    newPods: 1,
    readySeconds: 9,
    code: 'UNHEALTHY',
    message: 'pod aggregator-1 is answered by another release: src-0',
  });
  t.is(
    releaseText(release([crashed, ill], 'failed'))
      .split('\n')
      .slice(12)
      .join('\n'),
    `
aggregator (critical): UNHEALTHY: pod aggregator-1 is answered by another release: src-0
  Its earlier pods are gone; the new ones are all that serves.

dj-service: CRASHED: the container exited with code 1 2 times
  Mend what the log shows and deploy again.
  Its earlier pods go on serving, if there were any.
  warning: BackOff (3×) Pod/dj-service-7d9f-x2x: Back-off restarting failed container
  last lines of the log of dj-service-7d9f-x2x:
    starting
    FATAL missing DB_HOST

Failed: aggregator, dj-service could not be proven. These serve this release: auth-service, events-service, venue-service, ml-service.
Nothing was undone, since there is no other proven release: mend the cause and deploy again, or deploy an earlier commit.
Took 105.5 s: images 30.0 s, apply 1.2 s, serving 14.3 s, verified 60.0 s.`,
  );
});

test('releaseText – a long message of the kubelet – does not widen the table', (t) => {
  const message = `failed to pull: ${'x'.repeat(900)}`;
  const text = releaseText(release([{ ...crashed, code: 'IMAGE_NOT_FOUND', message }], 'degraded'));
  const table = text.split('\n').slice(3, 11);
  t.true(table.every((line) => line.length <= 80));
  t.true(text.includes(message));
});

test('releaseResult – verified – the text, or JSON that says the same', (t) => {
  const good = release([rolled], 'verified');
  t.true(releaseResult(good, 'text').startsWith(`${releaseText(good)}\nNext: `));
  t.deepEqual(JSON.parse(releaseResult(good, 'json')), JSON.parse(JSON.stringify(good)));
});

for (const [state, code] of [
  ['degraded', 'RELEASE_DEGRADED'],
  ['failed', 'RELEASE_FAILED'],
] as const) {
  test(`releaseResult – ${state} – thrown with the report as its text and the code as last line`, (t) => {
    const bad = release([crashed], state);
    const error = t.throws(() => releaseResult(bad, 'text'), { instanceOf: ReleaseNotProven });
    t.is(error?.code, code);
    t.true(error?.message.startsWith(`${releaseText(bad)}\nNext: `));
    t.true(error?.message.endsWith(`\ncode: ${code}`));
  });
}

test('releaseState – no services, which proves nothing – not verified by accident', (t) => {
  t.is(releaseState([crashed]), 'degraded');
  t.is(releaseState([{ ...crashed, critical: true }]), 'failed');
  t.is(releaseState([rolled]), 'verified');
});

test('releaseId – time and commit – sorts by time, and names a dirty tree', (t) => {
  const at = (text: string, commit = 'ABCDEF0123') => releaseId(new Date(text), commit);
  t.is(at('2026-11-23T02:03:04.567Z'), '20261123t020304z-abcdef0');
  t.is(at('2026-11-23T02:03:04Z', 'abcdef0123-dirty'), '20261123t020304z-abcdef0-dirty');
  t.true(at('2026-09-30T23:59:59Z') < at('2026-10-01T00:00:00Z'));
  t.regex(at('2026-11-23T02:03:04Z'), /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
});
