import test from 'ava';
import { PipelineError } from '../../src/errors.ts';
import type { KubernetesObject } from '../../src/manifests/objects.ts';
import { schemaOf } from '../../src/migrate/migrations.ts';
import { makePlan, type PlanRequest } from '../../src/plan/make-plan.ts';
import { RegistryError } from '../../src/registry/registry-error.ts';
import { planResult } from '../../src/report/plan-result.ts';
import { imageNames } from '../../src/services.ts';
import { RevisionUnknown } from '../../src/source/git.ts';
import { render, run } from '../deploy-scenario.ts';
import { some } from '../migrate/some-migrations.ts';
import { scripted } from './scripted.ts';

const revision = { commit: 'a'.repeat(40), branch: 'main', dirty: false };

const request = (more: Partial<PlanRequest> = {}): PlanRequest => ({
  overlay: 'production',
  readRevision: async () => revision,
  openTarget: async () => scripted(),
  readMigrations: async () => some('ee'),
  findImages: async () =>
    imageNames.map((service) => ({
      service,
      repository: `registry.example.com/whatsthecraic/${service}`,
      tag: `src-${service}`,
      inputs: [`services/${service}`],
    })),
  render,
  renderNode: async () => [],
  findUnlisted: async () => [],
  ...more,
});

const fail = (error: Error) => async () => {
  throw error;
};

test('plan – all that can be wrong at once – names all of it in one error with one code', async (t) => {
  const plan = await makePlan(
    request({
      readRevision: async () => ({ ...revision, dirty: true }),
      openTarget: fail(
        new PipelineError('INSTANCE_OFFLINE', 'i-1 is offline.', { cure: 'Start it.' }),
      ),
      findImages: fail(new RegistryError('REGISTRY_DENIED', 'HEAD x: 403', 403)),
      render: fail(new PipelineError('OVERLAY_UNKNOWN', 'There is no overlay "x".')),
    }),
  );
  t.is(plan.outcome, 'blocked');
  const error = t.throws(() => planResult(plan, 'text'), { instanceOf: PipelineError });
  const text = error?.message ?? '';
  for (const line of [
    /^ {2}TREE_DIRTY: Production takes committed code only/m,
    /^ {2}INSTANCE_OFFLINE: i-1 is offline\.\n {4}Start it\.$/m,
    /^ {2}REGISTRY_DENIED: HEAD x: 403; this user may not/m,
    /^ {2}OVERLAY_UNKNOWN: There is no overlay "x"\.$/m,
    /^Blocked: 4 obstacles\. Nothing was changed\.$/m,
  ]) {
    t.regex(text, line);
  }
  t.deepEqual(text.match(/^code: .*$/gm), ['code: PLAN_BLOCKED']);
});

test('plan – the commit is unknown – the rest of the plan is there all the same', async (t) => {
  const plan = await makePlan(request({ readRevision: fail(new RevisionUnknown('branch: none')) }));
  t.deepEqual(
    plan.obstacles.map(({ code }) => code),
    ['REVISION_UNKNOWN', 'SECRET_KEYS_MISSING'],
  );
  t.is(plan.objects.length, 6);
});

test('plan – what nobody foresaw, or a wrong argument – is thrown as it is', async (t) => {
  const bug = new TypeError('undefined is not a function');
  await t.throwsAsync(makePlan(request({ render: fail(bug) })), { is: bug });
  const wrong = new PipelineError('ARGUMENT_INVALID', '--registry is missing');
  await t.throwsAsync(makePlan(request({ findImages: fail(wrong) })), { is: wrong });
  const missing = Object.assign(new Error('no such file'), { code: 'ENOENT' });
  await t.throwsAsync(makePlan(request({ renderNode: fail(missing), render: ingress })), {
    is: missing,
  });
});

test('plan – what deploy refuses before anything is touched – plan refuses with the same words', async (t) => {
  const refused = await t.throwsAsync(
    run({ secrets: [] }).then(({ result }) => result),
    {
      instanceOf: PipelineError,
    },
  );
  const plan = await makePlan(request());
  const [first = '', ...others] = plan.obstacles.map(
    ({ code, message }) => `${message}\ncode: ${code}`,
  );
  t.is(first, refused?.message);
  t.deepEqual(others, []);
});

test('plan – a cluster that goes away in between – is an obstacle', async (t) => {
  const plan = await makePlan(
    request({
      openTarget: async () => scripted({ get: { exitCode: 1, stderr: 'connection refused' } }),
    }),
  );
  t.deepEqual(
    plan.obstacles.map(({ code, message }) => [code, message]),
    [
      [
        'CLUSTER_UNREACHABLE',
        'The API server of a scripted cluster did not answer: connection refused',
      ],
    ],
  );
  t.deepEqual([plan.objects, plan.services.length], [[], 6]);
});

test('plan – with rights to its own namespace only – does without what it may not list, and says so', async (t) => {
  const stderr = 'Error from server (Forbidden): nodes is forbidden';
  const target = scripted({ beyond: { exitCode: 1, stderr } });
  const plan = await makePlan(request({ openTarget: async () => target }));
  t.deepEqual(plan.warnings, [
    { code: 'NOT_READ', message: stderr },
    { code: 'NOT_READ', message: stderr },
  ]);
  t.deepEqual(
    plan.obstacles.map(({ code }) => code),
    ['SECRET_KEYS_MISSING'],
  );
});

const node: KubernetesObject = {
  apiVersion: 'helm.cattle.io/v1',
  kind: 'HelmChartConfig',
  metadata: { name: 'traefik', namespace: 'kube-system' },
};
const ingress: PlanRequest['render'] = async (images) => [
  ...(await render(images)),
  { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'site' } },
];
const noKind = {
  exitCode: 1,
  stderr:
    'error: unable to recognize no matches for kind "HelmChartConfig" in version "helm.cattle.io/v1"',
};

test('plan – k8s/node is not there – says what to apply by hand, for what is reached from outside', async (t) => {
  for (const custom of [noKind, { stdout: '' }]) {
    const target = scripted({ custom });
    const more = { openTarget: async () => target, renderNode: async () => [node] };
    const site = await makePlan(request({ ...more, render: ingress }));
    t.deepEqual(site.warnings, [
      {
        code: 'NODE_NOT_PREPARED',
        message: 'HelmChartConfig traefik in kube-system is absent: apply k8s/node by hand once.',
      },
    ]);
    t.deepEqual((await makePlan(request(more))).warnings, [], 'nothing is reached from outside');
  }
  const there = scripted({ custom: { stdout: JSON.stringify(node) } });
  const prepared = await makePlan(
    request({ openTarget: async () => there, renderNode: async () => [node], render: ingress }),
  );
  t.deepEqual(prepared.warnings, []);
});

test('plan – a manifest that no kustomization names – is warned of', async (t) => {
  const { warnings } = await makePlan(
    request({ findUnlisted: async () => ['base/ml-retrain-cronjob.yaml'] }),
  );
  t.deepEqual(warnings, [
    {
      code: 'NOT_LISTED',
      message: 'k8s/base/ml-retrain-cronjob.yaml is never deployed: no kustomization names it.',
    },
  ]);
});

test('plan – migrations – are listed with their kinds, and refused with the words of a deploy', async (t) => {
  const has = (kinds: string) => {
    const schema = schemaOf(some(kinds));
    const health = { dependencies: { database: { status: 'ok', schema } } };
    const openTarget = async () => scripted({ health: JSON.stringify(health) });
    return makePlan(request({ openTarget, readMigrations: async () => some('eec') }));
  };
  const behind = await has('ee');
  t.deepEqual(behind.migrations, {
    database: 'behind',
    image: 'to build',
    pending: [{ migration: '003-step-3', kind: 'contract' }],
  });
  t.true(
    behind.obstacles.some(({ code }) => code === 'MIGRATION_REFUSED'),
    'nothing is proven',
  );
  const current = await has('eec');
  t.deepEqual([current.migrations.database, current.migrations.pending], ['current', []]);
  const unknown = await makePlan(request());
  t.deepEqual([unknown.migrations.database, unknown.migrations.pending.length], ['unknown', 2]);
});

test('plan – a node that is short of disk – is an obstacle with its words, and no talk of memory', async (t) => {
  const taint = JSON.stringify([{ key: 'node.kubernetes.io/disk-pressure', effect: 'NoSchedule' }]);
  const allocatable = JSON.stringify({ cpu: '2', memory: '2Gi', pods: '110' });
  const pressure = ['True', 'kubelet has disk pressure', '2026-11-23T01:00:00Z'];
  const cells = ['n', '', taint, allocatable, 'v1.34.2+k3s1', '1', ...pressure];
  const target = scripted({
    answer: (args) => (args[1] === 'nodes' ? `${cells.join('\x1f')}\x1e` : undefined),
  });
  const { obstacles } = await makePlan(request({ openTarget: async () => target }));
  const [found, ...others] = obstacles.filter(({ code }) => code !== 'SECRET_KEYS_MISSING');
  t.deepEqual([found?.code, others], ['NODE_PRESSURE', []]);
  t.regex(
    found?.message ?? '',
    /^n is short of disk since 2026.*: kubelet has disk pressure\nNo node/,
  );
});
