import test from 'ava';
import { PipelineError } from '../../src/errors.ts';
import type { KubernetesObject } from '../../src/manifests/objects.ts';
import { parseManifests } from '../../src/manifests/text.ts';
import { parseRecord, type ReleaseRecord } from '../../src/release/record.ts';
import { services } from '../../src/services.ts';
import { crash, earlierSource, image, names, others, proven, run } from '../deploy-scenario.ts';
import { healthBody } from '../fake-target.ts';
import { backOff, ready, unready } from '../rollout/cluster.ts';
import { earlierImage, earlierRecord } from './earlier.ts';

const recordsIn = (configMaps: ReadonlyMap<string, KubernetesObject>): readonly ReleaseRecord[] =>
  [...configMaps.values()]
    .map((it) => parseRecord((it.data as Record<string, string>)['release.json'] ?? ''))
    .filter((it) => it !== undefined);

/** What each service runs by the last apply. */
const runs = (applied: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    parseManifests(applied.at(-1) ?? '')
      .filter((it) => it.kind === 'Deployment')
      .map((it) => [it.metadata.name, JSON.stringify(it).match(/"image":"([^"]+)"/)?.[1] ?? '']),
  );

const newImage = (name: string) => `${image(name).repository}@${image(name).digest}`;
const earlier = await earlierRecord();

test('go back – a non-critical service crashes – it alone, five stay, the release degraded', async (t) => {
  const { result, applied, target, said } = await run({
    records: earlier,
    newPods: { 'dj-service': crash },
    log: () => 'FATAL the decks are on fire\n',
  });
  const release = await result;
  t.is(release.state, 'degraded');
  t.deepEqual(proven(release), others('dj-service'));
  t.like(release.wentBack, {
    to: '20261122t090000z-fedcba9',
    services: ['dj-service'],
    proven: true,
  });
  const steps = (it: typeof release.timeline) => it?.phases.map(({ name }) => name);
  const forward = ['apply', 'rollout', 'verify', 'soak'];
  t.deepEqual(steps(release.timeline), ['images', 'pull', ...forward, 'back']);
  t.deepEqual(steps(release.wentBack?.timeline), ['pull', ...forward]);
  t.is(applied.length, 2);
  const now = runs(applied);
  t.is(now.get('dj-service'), earlierImage('dj-service'));
  t.true(others('dj-service').every((name) => now.get(name) === newImage(name)));
  const [own] = recordsIn(target.configMaps).filter((it) => it.release.id === release.id);
  t.is(own?.release.state, 'degraded');
  t.deepEqual(own?.standing['dj-service'], {
    image: earlierImage('dj-service'),
    source: earlierSource('dj-service'),
    built: false,
    proven: true,
  });
  t.true(said.includes('going back to release 20261122t090000z-fedcba9 with dj-service'));
  // The evidence was taken before the pod was gone.
  t.deepEqual(release.services.find((it) => it.service === 'dj-service')?.evidence?.log, [
    'FATAL the decks are on fire',
  ]);
});

test('go back – the images of the release before are gone – the one before that serves again', async (t) => {
  const older = await earlierRecord({ id: '20261121t090000z-abcdef0' });
  const gone = 'code = NotFound desc = failed to resolve reference "x": x: not found';
  const waiting = { reason: 'ErrImagePull', message: gone };
  const pod = {
    name: 'p',
    status: { containerStatuses: [{ name: 'aggregator', restartCount: 0, state: { waiting } }] },
  };
  const { result, said } = await run({
    records: [...earlier, ...older],
    newPods: { aggregator: crash },
    job: (name) =>
      name === 'pull-back-20261122t090000z-fedcba9' ? { pods: [pod] } : { ended: 'Complete' },
  });
  const release = await result;
  t.is(release.state, 'rolled-back');
  t.is(release.wentBack?.to, '20261121t090000z-abcdef0');
  t.true(
    said.some((it) => /^release 20261122t090000z-fedcba9 cannot be gone back to: aggr/.test(it)),
  );
});

test('go back – a registry that is away – keeps nothing from going back', async (t) => {
  const away = 'code = Unknown desc = dial tcp 10.0.0.1:5000: connect: connection refused';
  const waiting = { reason: 'ErrImagePull', message: away };
  const pod = {
    name: 'p',
    status: { containerStatuses: [{ name: 'aggregator', restartCount: 0, state: { waiting } }] },
  };
  const { result } = await run({
    records: earlier,
    newPods: { aggregator: crash },
    job: (name) => (name.startsWith('pull-back-') ? { pods: [pod] } : { ended: 'Complete' }),
  });
  t.is((await result).state, 'rolled-back');
});

test('go back – a critical service crashes – all six, as a release of their own', async (t) => {
  const { result, applied, target } = await run({
    records: earlier,
    newPods: { aggregator: crash },
  });
  const release = await result;
  t.is(release.state, 'rolled-back');
  t.true(names.every((name) => runs(applied).get(name) === earlierImage(name)));
  const records = recordsIn(target.configMaps);
  t.is(records.length, 3);
  const restored = records.find((it) => it.release.id === release.wentBack?.as);
  t.is(restored?.release.state, 'verified');
  t.is(restored?.release.restores, '20261122t090000z-fedcba9');
  t.is(restored?.release.commit, 'fedcba9876543210fedcba9876543210fedcba98');
  t.is(records.find((it) => it.release.id === release.id)?.release.state, 'rolled-back');
});

test('go back – crashes during the soak – back as well', async (t) => {
  const { result, applied } = await run({
    records: earlier,
    newPods: { 'events-service': (s) => (s < 20 ? ready() : backOff({ code: 9 }, 1)) },
  });
  t.is((await result).state, 'rolled-back');
  t.is(runs(applied).get('events-service'), earlierImage('events-service'));
});

test('go back – ready, but another release answers – back as well', async (t) => {
  let rounds = 0;
  const { result } = await run({
    records: earlier,
    health: (probe) => {
      // The first question of each round goes to the aggregator's pod.
      if (probe.service === 'aggregator' && probe.via === 'pod') rounds += 1;
      return healthBody(
        probe.service,
        rounds === 1 ? 'src-somebody' : earlierSource(probe.service),
      );
    },
  });
  const release = await result;
  t.is(release.state, 'rolled-back');
  t.regex(release.services[0]?.message ?? '', /answered by another release: src-somebody/);
});

test('go back – a record whose manifests lie in its first ConfigMap, as they once did – is gone back to', async (t) => {
  const [manifests, summary] = earlier as [KubernetesObject, KubernetesObject];
  const data = { ...Object(summary.data), ...Object(manifests.data) };
  const { result, applied } = await run({
    records: [{ ...summary, data }],
    newPods: { aggregator: crash },
  });
  t.is((await result).state, 'rolled-back');
  t.is(runs(applied).get('aggregator'), earlierImage('aggregator'));
});

test('go back – nothing was ever proven – stays as it is and says so', async (t) => {
  for (const records of [[], await earlierRecord({ state: 'failed' })]) {
    const { result, applied } = await run({ records, newPods: { 'auth-service': crash } });
    const release = await result;
    t.is(release.state, 'failed');
    t.is(release.wentBack, undefined);
    t.is(applied.length, 1);
  }
});

test('go back – deployed, but never proven – is no release to go back to', async (t) => {
  const records = [
    ...earlier,
    ...(await earlierRecord({ id: '20261122t100000z-bad0001', state: 'failed' })),
    ...(await earlierRecord({ id: '20261122t110000z-bad0002', state: 'deploying' })),
    ...(await earlierRecord({ id: '20261122t120000z-bad0003', state: 'rolled-back' })),
    ...(await earlierRecord({ id: '20261122t130000z-5ta9ed1', overlay: 'staging' })),
  ];
  const { result } = await run({ records, newPods: { aggregator: crash } });
  t.is((await result).wentBack?.to, '20261122t090000z-fedcba9');
});

test('go back – the service was not proven then either – stays as it is', async (t) => {
  const records = await earlierRecord({ state: 'degraded', unproven: ['ml-service'] });
  const { result, applied } = await run({ records, newPods: { 'ml-service': crash } });
  const release = await result;
  t.is(release.state, 'degraded');
  t.is(release.wentBack, undefined);
  t.is(applied.length, 1);
});

test('go back – what is applied is the proven release itself – changes nothing', async (t) => {
  const first = await run({});
  await first.result;
  const records = [...first.target.configMaps.values()];
  const again = await run({ records, newPods: { aggregator: () => unready() } });
  const release = await again.result;
  t.is(release.state, 'failed');
  t.is(release.wentBack, undefined);
  t.is(again.applied.length, 1);
});

test('go back – fails too – said, with what stood in the way', async (t) => {
  const { result, target } = await run({
    records: earlier,
    newPods: { aggregator: crash },
    health: (probe) => (probe.service === 'auth-service' ? new Error('refused') : ''),
  });
  const release = await result;
  t.is(release.state, 'failed');
  t.false(release.wentBack?.proven);
  t.regex(release.wentBack?.trouble ?? '', /auth-service: .*refused/);
  const restored = recordsIn(target.configMaps).find(
    (it) => it.release.id === release.wentBack?.as,
  );
  t.is(restored?.release.state, 'failed');
});

test('go back – the apply is refused half-way – back, and the refusal told with its end', async (t) => {
  const refuse = { exitCode: 1, stdout: '', stderr: 'Deployment "dj-service": field is immutable' };
  const { result, target } = await run({
    records: earlier,
    apply: (manifests) =>
      manifests.includes('a'.repeat(64)) ? refuse : { exitCode: 0, stdout: '', stderr: '' },
  });
  const error = await t.throwsAsync(result, { instanceOf: PipelineError });
  t.is(error?.code, 'APPLY_FAILED');
  t.regex(error?.message ?? '', /field is immutable/);
  t.regex(error?.message ?? '', /release 20261122t090000z-fedcba9 serves again/);
  t.deepEqual(
    recordsIn(target.configMaps).map((it) => it.release.state),
    ['verified', 'rolled-back', 'verified'],
  );
});

test('go back – every one of the 64 outcomes – critical ones together, others alone', async (t) => {
  for (let bits = 0; bits < 64; bits += 1) {
    const bad = names.filter((_name, index) => bits & (1 << index));
    const { result, applied } = await run({
      records: earlier,
      newPods: Object.fromEntries(bad.map((name) => [name, crash])),
      request: { soakSeconds: 0 },
    });
    const release = await result;
    const critical = services.some((it) => it.critical && bad.includes(it.name));
    const back = critical ? names : bad;
    t.is(release.state, critical ? 'rolled-back' : bad.length > 0 ? 'degraded' : 'verified');
    const now = runs(applied);
    for (const name of names) {
      t.is(now.get(name), back.includes(name) ? earlierImage(name) : newImage(name), `${bits}`);
    }
  }
});
