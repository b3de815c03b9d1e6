import test from 'ava';
import { fingerprintOf, requirePlan } from '../../src/plan/fingerprint.ts';
import { nothingKnown } from '../../src/plan/judge.ts';
import type { Plan, ServicePlan } from '../../src/plan/plan.ts';

const service: ServicePlan = {
  ...{ service: 'dj-service', image: 'to build', source: 'src-b', runs: 'src-a' },
  ...{ inputs: [], rollout: 'rolls', reasons: ['image'] },
};
const plan: Plan = {
  ...nothingKnown(undefined),
  ...{ fingerprint: '', overlay: 'production', target: 'i-1 over SSM', branch: 'main' },
  ...{ commit: 'a'.repeat(40), outcome: 'changes', namespace: 'there' },
  services: [service],
  migrations: { database: 'current', image: 'there', pending: [] },
  objects: [
    {
      ...{ object: 'Deployment dj-service', what: 'change' },
      changes: [
        { path: 'spec.replicas', what: 'changed', before: '1', after: '2' },
        {
          path: 'spec.template.spec.containers[x].image',
          what: 'changed',
          before: 'a',
          after: 'b',
        },
      ],
    },
  ],
};
const of = (more: Partial<Plan> = {}) => fingerprintOf({ ...plan, ...more });

test('fingerprint – an image was built, memory came free – is the same', (t) => {
  const [object] = plan.objects;
  const built = (object?.changes ?? []).map((it) =>
    it.path.endsWith('.image') ? { ...it, after: 'c' } : it,
  );
  t.is(of(), of({ services: [{ ...service, image: 'there' }], waves: [['dj-service']] }));
  t.is(
    of(),
    of({ objects: [{ object: 'Deployment dj-service', what: 'change', changes: built }] }),
  );
});

test('fingerprint – anything that a deploy would do otherwise – is another', (t) => {
  const others: Partial<Plan>[] = [
    { commit: 'b'.repeat(40) },
    { target: 'i-2 over SSM' },
    { services: [{ ...service, source: 'src-c' }] },
    { services: [{ ...service, rollout: 'stays', reasons: [] }] },
    { migrations: { database: 'behind', image: 'there', pending: [] } },
    { objects: [] },
    { leftOver: ['Service old'] },
    { removed: ['Service old'] },
    { withheld: ['Secret old, which may hold data'] },
    { obstacles: [{ code: 'PAUSED', message: '' }] },
  ];
  const all = [of(), ...others.map(of)];
  t.is(new Set(all).size, all.length);
});

test('expect – the plan that was agreed to – passes, any other is refused', (t) => {
  const fingerprint = of();
  t.notThrows(() => requirePlan({ ...plan, fingerprint }, fingerprint));
  t.throws(() => requirePlan({ ...plan, fingerprint }, 'abc'), {
    code: 'PLAN_CHANGED',
    message: new RegExp(`^The plan is ${fingerprint} now and not abc: `),
  });
});
