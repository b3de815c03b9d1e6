import test from 'ava';
import { PipelineError } from '../../src/errors.ts';
import type { Plan, ServicePlan } from '../../src/plan/plan.ts';
import { planResult } from '../../src/report/plan-result.ts';

const service = (name: string, more: Partial<ServicePlan> = {}): ServicePlan => ({
  service: name,
  image: 'there',
  source: 'src-0123456789abcdef',
  runs: 'src-0123456789abcdef',
  inputs: [],
  rollout: 'stays',
  reasons: [],
  ...more,
});

const plan: Plan = {
  fingerprint: 'abc123def456',
  overlay: 'production',
  target: 'i-077f139e329506bf5 over SSM',
  commit: '0123456789abcdef0123456789abcdef01234567',
  branch: 'main',
  outcome: 'changes',
  namespace: 'there',
  services: [
    service('aggregator'),
    service('dj-service', {
      image: 'to build',
      source: 'src-fedcba9876543210',
      inputs: ['services/dj-service', 'services/platform', 'linux/arm64'],
      rollout: 'rolls',
      reasons: ['image', 'config'],
    }),
  ],
  migrations: {
    database: 'behind',
    image: 'to build',
    pending: [
      { migration: '007-sessions', kind: 'expand' },
      { migration: '008-old-names', kind: 'contract' },
    ],
  },
  objects: [
    { object: 'ConfigMap dj-service-config-d24bbh8942', what: 'create', changes: [] },
    {
      object: 'Deployment dj-service',
      what: 'change',
      changes: [
        {
          path: 'spec.template.spec.containers[dj-service].image',
          what: 'changed',
          before: `r.example/dj-service@sha256:${'a'.repeat(64)}`,
          after: `r.example/dj-service@sha256:${'0'.repeat(64)}`,
        },
        { path: 'spec.template.spec.containers[dj-service].env[A].value', what: 'changed' },
      ],
    },
    { object: 'Service dj-service', what: 'unchanged', changes: [] },
  ],
  waves: [],
  handMade: [
    {
      object: 'Deployment aggregator',
      path: 'spec.template.spec.containers[aggregator].env[DEBUG]',
      manager: 'kubectl-set',
      time: '2026-11-24T19:23:28Z',
      fate: 'kept',
    },
  ],
  removed: ['ConfigMap dj-service-config-abc', 'Service old'],
  withheld: ['Secret old, which may hold data: remove it by hand'],
  leftOver: ['CronJob old'],
  warnings: [{ code: 'NODE_NOT_PREPARED', message: 'HelmChartConfig traefik is absent.' }],
  obstacles: [],
};

test('plan as text – with something of everything – reads from the services to the outcome', (t) => {
  t.is(
    planResult(plan, 'text'),
    `Plan for production on i-077f139e329506bf5 over SSM, commit 0123456789ab of main

SERVICE     IMAGE                  ROLLOUT
aggregator  src-01234567 runs      stays
dj-service  src-fedcba98 to build  rolls: image, config

To build:
  dj-service src-fedcba98, made of services/dj-service, services/platform, linux/arm64

Migrations to run first, whose image is to build:
  007-sessions (expand)
  008-old-names (contract)

Objects: 1 to create, 1 to change, 1 unchanged
  create  ConfigMap dj-service-config-d24bbh8942
  change  Deployment dj-service
            spec.template.spec.containers[dj-service].image: r.example/dj-service@sha256:aaaaaaaaaaaa → r.example/dj-service (to build)
            spec.template.spec.containers[dj-service].env[A].value: changed

Changed by hand:
  Deployment aggregator: spec.template.spec.containers[aggregator].env[DEBUG], by kubectl-set at 2026-11-24T19:23:28Z: not in the manifests, a deploy leaves it

Removed once the release is proven:
  ConfigMap dj-service-config-abc
  Service old

In no release any more, and not removed:
  Secret old, which may hold data: remove it by hand

Left over (no record of a release lists it):
  CronJob old

Warnings:
  NODE_NOT_PREPARED: HelmChartConfig traefik is absent.

A deploy would build 1 of 2 images and roll 1 of 2 services. Nothing was changed.
Fingerprint abc123def456: \`deploy --expect abc123def456\` does this, or refuses if it has become something else.`,
  );
});

test('plan as text – nothing to do – is the table and a sentence', (t) => {
  const none: Plan = {
    ...plan,
    outcome: 'nothing to do',
    services: [service('aggregator')],
    objects: [{ object: 'Service aggregator', what: 'unchanged', changes: [] }],
    migrations: { database: 'current', image: 'there', pending: [] },
    waves: [],
    handMade: [],
    removed: [],
    withheld: [],
    leftOver: [],
    warnings: [],
  };
  t.regex(
    planResult(none, 'text'),
    /stays\n\nObjects: 1 unchanged\n\nNothing to do: a deploy would change nothing\.$/,
  );
});

test('plan as JSON – of any outcome – is the whole plan, thrown if a deploy could not work', (t) => {
  t.deepEqual(JSON.parse(planResult(plan, 'json')), plan);
  const obstacles = [{ code: 'PAUSED', message: 'Deployment a is paused.\nResume it.' }];
  const blocked: Plan = { ...plan, outcome: 'blocked', obstacles };
  const error = t.throws(() => planResult(blocked, 'json'), { instanceOf: PipelineError });
  const [json = '', code] = (error?.message ?? '').split('\ncode: ');
  t.deepEqual([JSON.parse(json), code], [blocked, 'PLAN_BLOCKED']);
});
