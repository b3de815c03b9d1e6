import test from 'ava';
import { deploy } from '../src/deploy.ts';
import { PipelineError } from '../src/errors.ts';
import { imageNames, services } from '../src/services.ts';
import { commit, crash, image, names, of, proven, render, run } from './deploy-scenario.ts';
import { fakeClock } from './fake-clock.ts';
import { unready } from './rollout/cluster.ts';

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
  t.regex(error?.message ?? '', /in the namespace whatsthecraic-staging lacks:\n {2}DB_HOST/);
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
      clock.advance(16_000);
      return outputs;
    },
    guarded: async (calls: Parameters<typeof target.guarded>[0]) => {
      const output = await target.guarded(calls);
      const { reads = [] } = calls;
      asked += 1;
      const reading = output.reads.map((it, index) =>
        reads[index]?.args[1] === 'secrets' ? { ...it, stdout: '' } : it,
      );
      return { ...output, reads: reading };
    },
  };
  const again = deploy({
    overlay: 'production',
    revision: { commit, branch: 'main', dirty: false },
    target: vanishing,
    ensureImages: async () => imageNames.map(image),
    migrations: [],
    render,
    soakSeconds: 0,
    say: () => {},
    clock,
  });
  await t.throwsAsync(again, { message: /SECRET_KEYS_MISSING/ });
  t.is(asked, 1);
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
  t.is(target.calls.at(-2)?.[0], 'apply');
  t.is(target.calls.at(-1)?.[0], 'patch', 'the Lease is given back');
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
