import test from 'ava';
import { type DeployRequest, deploy } from '../src/deploy.ts';
import { PipelineError } from '../src/errors.ts';
import type { EnsuredImage } from '../src/images/ensure-images.ts';
import type { PinnedImages } from '../src/manifests/images.ts';
import type { KubernetesObject } from '../src/manifests/objects.ts';
import type { Release } from '../src/report/release.ts';
import type { Snapshot } from '../src/rollout/kubernetes.ts';
import { services } from '../src/services.ts';
import type { Probe } from '../src/target/target.ts';
import { fakeClock } from './fake-clock.ts';
import { fakeTarget, healthBody, type Script } from './fake-target.ts';
import {
  backOff,
  cluster,
  exited,
  type PodShape,
  ready,
  rollout,
  unready,
  waiting,
} from './rollout/cluster.ts';

const names = services.map((service) => service.name);
const commit = '0123456789abcdef0123456789abcdef01234567';
const image = (service: string): EnsuredImage => ({
  service,
  repository: `registry.example.com/whatsthecraic/${service}`,
  tag: `src-${service}`,
  digest: `sha256:${'a'.repeat(64)}`,
  built: service === 'dj-service',
  seconds: 1,
});

const render = async (images: PinnedImages): Promise<readonly KubernetesObject[]> =>
  Object.entries(images).map(([name, pinned]) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      template: {
        spec: {
          containers: [
            {
              name,
              image: pinned,
              env: [
                {
                  name: 'DB_HOST',
                  valueFrom: { secretKeyRef: { name: 'whatsthecraic-secrets', key: 'DB_HOST' } },
                },
              ],
            },
          ],
        },
      },
    },
  }));

interface Given extends Partial<Omit<Script, 'cluster'>> {
  /** The new pods of a service, by name, seconds after the apply; ready at once unless told. */
  readonly newPods?: Readonly<Record<string, (seconds: number) => PodShape>>;
  /** Whether there is nothing before the release. */
  readonly first?: boolean;
  readonly request?: Partial<DeployRequest>;
  readonly outage?: (seconds: number) => boolean;
}

async function run(given: Given) {
  const { newPods = {}, first = false, request = {}, outage, ...script } = given;
  const clock = fakeClock();
  const applied: string[] = [];
  let appliedAt: number | undefined;
  const said: string[] = [];
  const before = () =>
    first
      ? cluster()
      : cluster(...names.map((name) => rollout(name, { oldPods: [ready()], newPods: [] })));
  const after = (seconds: number): Snapshot =>
    cluster(
      ...names.map((name) => {
        const pod = newPods[name]?.(seconds) ?? ready();
        const isReady = pod.status.conditions?.some(
          (it) => it.type === 'Ready' && it.status === 'True',
        );
        const oldPods = isReady || first ? [] : [ready()];
        return rollout(name, { newPods: [pod], oldPods, source: `src-${name}` });
      }),
    );
  const target = fakeTarget(clock, {
    cluster: (seconds) => {
      if (outage?.(seconds)) throw new Error('connection refused');
      return appliedAt === undefined ? before() : after(seconds - appliedAt);
    },
    health: (probe) => healthBody(probe.service, `src-${probe.service}`),
    secrets: ['whatsthecraic-secrets 42 DB_HOST'],
    services: names,
    ...script,
    apply: (manifests) => {
      const output = script.apply?.(manifests) ?? { exitCode: 0, stdout: '', stderr: '' };
      applied.push(manifests);
      if (output.exitCode === 0) appliedAt = clock.seconds();
      return output;
    },
  });
  const result = deploy({
    overlay: 'production',
    revision: { commit, branch: 'main', dirty: false },
    target,
    ensureImages: async () => {
      clock.advance(30_000);
      return names.map(image);
    },
    render,
    soakSeconds: 60,
    say: (line) => said.push(line),
    clock,
    ...request,
  });
  return { result, applied, said, target, clock };
}

const proven = (release: Release) =>
  release.services.filter((it) => it.proven).map((it) => it.service);
const of = (release: Release, name: string) =>
  release.services.find((it) => it.service === name) ?? missing(name);
function missing(name: string): never {
  throw new Error(`no result for ${name}`);
}
const others = (name: string) => names.filter((it) => it !== name);

test('deploy – all good – verified: one apply, every service proven, times told', async (t) => {
  const { result, applied, target } = await run({
    newPods: { 'ml-service': (s) => (s < 12 ? unready() : ready()) },
  });
  const release = await result;
  t.is(release.state, 'verified');
  t.deepEqual(proven(release), names);
  t.is(applied.length, 1);
  t.is(target.calls.filter(([verb]) => verb === 'apply').length, 1);
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
  const text = applied[0] ?? '';
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
    ensureImages: async () => names.map((name) => ({ ...image(name), built: false })),
    render,
    soakSeconds: 60,
    say: () => {},
    clock,
  });
  t.is(release.state, 'verified');
  t.is(release.seconds.total, 0);
  t.true(release.services.every((it) => it.newPods === 0));
});

const crash = (s: number): PodShape => (s < 1 ? exited({ code: 1 }) : backOff({ code: 1 }, 1));

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

test('deploy – a Secret’s key is missing – refused before any image is built, the build stopped', async (t) => {
  let built = false;
  let aborted = false;
  const { result, applied } = await run({
    secrets: ['whatsthecraic-secrets 42 JWT_SECRET'],
    request: {
      ensureImages: (signal) =>
        new Promise((_resolve, reject) => {
          const timer = setTimeout(() => {
            built = true;
          }, 20_000);
          signal.addEventListener('abort', () => {
            clearTimeout(timer);
            aborted = true;
            reject(signal.reason);
          });
        }),
    },
  });
  const error = await t.throwsAsync(result, { instanceOf: PipelineError });
  t.is(error?.code, 'SECRET_KEYS_MISSING');
  t.regex(error?.message ?? '', /DB_HOST/);
  t.true(aborted);
  t.false(built);
  t.deepEqual(applied, []);
});

test('deploy – a Secret vanishes while images are built – refused before the apply', async (t) => {
  let asked = 0;
  const { result, applied, target } = await run({});
  await result;
  t.is(applied.length, 1);
  const clock = fakeClock();
  const vanishing = {
    ...target,
    kubectl: async (calls: Parameters<typeof target.kubectl>[0]) => {
      const outputs = await target.kubectl(calls);
      const secrets = calls.some((call) => call.args[1] === 'secrets');
      if (secrets) asked += 1;
      return secrets && asked > 1 ? outputs.map((it) => ({ ...it, stdout: '' })) : outputs;
    },
  };
  const again = deploy({
    overlay: 'production',
    revision: { commit, branch: 'main', dirty: false },
    target: vanishing,
    ensureImages: async () => names.map(image),
    render,
    soakSeconds: 0,
    say: () => {},
    clock,
  });
  await t.throwsAsync(again, { message: /SECRET_KEYS_MISSING/ });
  t.is(applied.length, 1);
});

test('deploy – a build fails – its error, and nothing applied', async (t) => {
  const { result, applied } = await run({
    request: {
      ensureImages: async () => {
        throw new PipelineError('IMAGE_BUILD_FAILED', 'dj-service: tsc: error TS2322');
      },
    },
  });
  const error = await t.throwsAsync(result, { instanceOf: PipelineError });
  t.is(error?.code, 'IMAGE_BUILD_FAILED');
  t.deepEqual(applied, []);
});

test('deploy – the manifests cannot be rendered – its error, the build stopped', async (t) => {
  let aborted = false;
  const { result } = await run({
    request: {
      render: async () => {
        throw new PipelineError('MANIFESTS_INVALID', 'kustomize: no such file');
      },
      ensureImages: (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted = true;
            reject(signal.reason);
          });
        }),
    },
  });
  await t.throwsAsync(result, { message: /MANIFESTS_INVALID/ });
  t.true(aborted);
});

test('deploy – the cluster does not answer – said before anything is built or applied', async (t) => {
  const { result, applied } = await run({ outage: () => true });
  const error = await t.throwsAsync(result, { instanceOf: PipelineError });
  t.is(error?.code, 'CLUSTER_UNREACHABLE');
  t.deepEqual(applied, []);
});

test('deploy – the apply is refused – APPLY_FAILED with kubectl’s words, nothing watched', async (t) => {
  const stderr =
    'The Deployment "aggregator" is invalid: spec.selector: Invalid value: field is immutable\n';
  const { result, target } = await run({ apply: () => ({ exitCode: 1, stdout: '', stderr }) });
  const error = await t.throwsAsync(result, { instanceOf: PipelineError });
  t.is(error?.code, 'APPLY_FAILED');
  t.regex(error?.message ?? '', /field is immutable/);
  t.is(target.calls.at(-1)?.[0], 'apply');
});

test('deploy – the API server is away for 20 s after the apply – the release is told all the same', async (t) => {
  const { result } = await run({ outage: (s) => s > 30.4 && s < 50 });
  t.is((await result).state, 'verified');
});

test('deploy – the API server goes away in the soak and stays away – a report, not proven', async (t) => {
  const { result, said } = await run({ outage: (s) => s > 45 });
  const release = await result;
  t.is(release.state, 'failed');
  t.is(release.services.length, 6);
  t.regex(of(release, 'aggregator').message, /^could not be asked: The API server .* connection/);
  t.true(said.some((line) => line.startsWith('logs could not be fetched')));
});

test('deploy – never ready – failed at the deadline with the pod’s log', async (t) => {
  const { result } = await run({
    newPods: { 'events-service': () => unready() },
    request: { timeoutSeconds: 120 },
    log: () => 'database: connect ETIMEDOUT\n',
  });
  const release = await result;
  t.is(release.state, 'failed');
  t.is(of(release, 'events-service').code, 'NOT_READY');
  t.deepEqual(of(release, 'events-service').evidence?.log, ['database: connect ETIMEDOUT']);
});

test('deploy – every one of the 64 outcomes – verified, degraded or failed by the critical ones', async (t) => {
  for (let bits = 0; bits < 64; bits += 1) {
    const bad = names.filter((_name, index) => bits & (1 << index));
    const { result } = await run({
      newPods: Object.fromEntries(bad.map((name) => [name, crash])),
      request: { soakSeconds: 0 },
    });
    const release = await result;
    const critical = services.some((it) => it.critical && bad.includes(it.name));
    t.is(release.state, critical ? 'failed' : bad.length > 0 ? 'degraded' : 'verified');
    t.deepEqual(
      proven(release),
      names.filter((name) => !bad.includes(name)),
    );
  }
});
