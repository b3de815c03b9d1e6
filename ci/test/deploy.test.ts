import test from 'ava';
import { deploy } from '../src/deploy.ts';
import { parseManifests } from '../src/manifests/text.ts';
import { imageNames } from '../src/services.ts';
import type { Probe } from '../src/target/target.ts';
import { commit, crash, image, names, of, others, proven, render, run } from './deploy-scenario.ts';
import { fakeClock } from './fake-clock.ts';
import { fakeTarget, healthBody } from './fake-target.ts';
import { backOff, cluster, ready, rollout, unready, waiting } from './rollout/cluster.ts';

test('deploy – all good – verified: one apply, every service proven, times told', async (t) => {
  const { result, applied, target } = await run({
    newPods: { 'ml-service': (s) => (s < 12 ? unready() : ready()) },
  });
  const release = await result;
  t.is(release.state, 'verified');
  t.deepEqual(proven(release), names);
  t.is(applied.length, 1);
  const applies = target.calls.filter(
    (it) => it[0] === 'apply' && !it.includes('--dry-run=server'),
  );
  t.is(applies.length, 3, 'the others are the pull and the record');
  t.is(release.id, '20261123t020000z-0123456');
  t.is(release.seconds.images, 30);
  t.is(release.seconds.serving, 12);
  t.is(release.seconds.verified, 60);
  t.is(release.seconds.total, 102);
  t.is(of(release, 'ml-service').readySeconds, 12);
  t.is(of(release, 'dj-service').newPods, 1);
  t.true(of(release, 'dj-service').built);
  t.false(of(release, 'ml-service').built);
});

test('deploy – what is applied – digests alone, the release noted, Secret versions noted', async (t) => {
  const { result, applied } = await run({});
  await result;
  const deployments = parseManifests(applied[0] ?? '').filter((it) => it.kind === 'Deployment');
  const text = JSON.stringify(deployments, undefined, 2);
  t.is(text.match(/@sha256:a{64}/g)?.length, 6);
  t.regex(text, /whatsthecraic\.run\.place\/source"?: "?src-dj-service/);
  t.regex(text, new RegExp(`whatsthecraic\\.run\\.place/commit"?: "?${commit}`));
  t.regex(text, /secret-whatsthecraic-secrets"?: "42"/);
});

test('deploy – nothing changed – verified without a soak', async (t) => {
  const same = cluster(
    ...names.map((name) => rollout(name, { newPods: [ready()], source: `src-${name}` })),
  );
  const clock = fakeClock();
  const target = fakeTarget(clock, {
    cluster: () => same,
    health: (probe) => healthBody(probe.service, `src-${probe.service}`),
    secrets: ['whatsthecraic-secrets 42 DB_HOST'],
  });
  const release = await deploy({
    overlay: 'production',
    revision: { commit, branch: 'main', dirty: false },
    target,
    ensureImages: async () => imageNames.map((name) => ({ ...image(name), built: false })),
    render,
    migrations: [],
    soakSeconds: 60,
    say: () => {},
    clock,
  });
  t.is(release.state, 'verified');
  t.is(release.seconds.total, 0);
  t.true(release.services.every((it) => it.newPods === 0));
  // A trip over SSM takes longer than most of what is asked in it.
  t.deepEqual(target.trips, [
    // What is there, behind the Lease and beside the rendering; what the server says to the manifests.
    ...['kubectl', 'kubectl'],
    ...['guarded', 'kubectl'], // The pull, which this node has yet to do; it takes the Lease.
    ...['guarded'], // Apply, with a look behind it at all that is there and where to ask.
    ...['probe', 'guarded'], // Health; record.
  ]);
});

for (const first of [false, true]) {
  const when = first ? 'the very first time' : 'over an older release';
  test(`deploy – one non-critical service crashes, ${when} – degraded, five proven, evidence`, async (t) => {
    const { result, clock } = await run({
      first,
      newPods: { 'dj-service': crash },
      // Without an old pod the aggregator tells that its sibling is away.
      health: (probe) =>
        healthBody(
          probe.service,
          `src-${probe.service}`,
          first && probe.service === 'aggregator'
            ? { status: 'degraded', dependencies: { 'dj-service': { status: 'down' } } }
            : {},
        ),
      log: (pod, previous) =>
        pod === 'dj-service-new-0' && previous ? 'starting\nFATAL missing DB_HOST\n' : '',
    });
    const release = await result;
    t.is(release.state, 'degraded');
    t.deepEqual(proven(release), others('dj-service'));
    const crashed = of(release, 'dj-service');
    t.is(crashed.code, 'CRASHED');
    t.is(crashed.exitCode, 1);
    t.regex(crashed.message, /exited with code 1 2 times/);
    t.deepEqual(crashed.evidence?.log, ['starting', 'FATAL missing DB_HOST']);
    t.is(crashed.readySeconds, undefined);
    // The five have stood their soak: the release claims that they are proven.
    t.true(clock.seconds() >= 30 + 60);
  });
}

test('deploy – a critical service crashes – failed at once, no soak, the others told', async (t) => {
  const { result } = await run({
    newPods: { 'auth-service': crash },
    log: () => 'FATAL JWT_SECRET is too short\n',
  });
  const release = await result;
  t.is(release.state, 'failed');
  t.deepEqual(proven(release), others('auth-service'));
  t.deepEqual(of(release, 'auth-service').evidence?.log, ['FATAL JWT_SECRET is too short']);
  t.true(release.seconds.total <= 35, `${release.seconds.total} s`);
});

test('deploy – the image is not in the registry – failed with the kubelet’s words', async (t) => {
  const message = 'code = NotFound desc = failed to resolve reference "x": x: not found';
  const { result } = await run({
    newPods: { aggregator: () => waiting('ErrImagePull', message) },
  });
  const result0 = of(await result, 'aggregator');
  t.is(result0.code, 'IMAGE_NOT_FOUND');
  t.is(result0.message, message);
});

test('deploy – ready, but another release answers – UNHEALTHY, with the pod’s log', async (t) => {
  const { result } = await run({
    health: (probe: Probe) =>
      healthBody(
        probe.service,
        probe.service === 'dj-service' ? 'src-old' : `src-${probe.service}`,
      ),
    log: () => 'listening on 4002\n',
  });
  const release = await result;
  t.is(release.state, 'degraded');
  const ill = of(release, 'dj-service');
  t.is(ill.code, 'UNHEALTHY');
  t.regex(ill.message, /is answered by another release: src-old/);
  t.deepEqual(ill.evidence?.log, ['listening on 4002']);
});

test('deploy – a critical service crashes during the soak – failed, with its last words', async (t) => {
  const { result } = await run({
    newPods: { aggregator: (s) => (s < 20 ? ready() : backOff({ code: 9 }, 1)) },
    log: (_pod, previous) => (previous ? 'FATAL out of file handles\n' : ''),
  });
  const release = await result;
  t.is(release.state, 'failed');
  t.regex(of(release, 'aggregator').message, /exited with code 9 2 times/);
  t.deepEqual(of(release, 'aggregator').evidence?.log, ['FATAL out of file handles']);
  t.true(release.seconds.total < 60);
});
