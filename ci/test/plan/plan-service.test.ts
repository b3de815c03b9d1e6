import test from 'ava';
import type { FoundImage } from '../../src/images/find-images.ts';
import type { Change } from '../../src/plan/diff.ts';
import { newPodsOf } from '../../src/plan/new-pods.ts';
import type { ObjectPlan } from '../../src/plan/plan.ts';
import { planService } from '../../src/plan/plan-service.ts';
import { deployment } from '../manifests/helpers/objects.ts';

const image: FoundImage = {
  service: 'web',
  repository: 'registry.example/web',
  tag: 'src-2',
  digest: `sha256:${'a'.repeat(64)}`,
  inputs: [],
};
const live = {
  ...deployment('web'),
  metadata: { name: 'web', annotations: { 'whatsthecraic.run.place/source': 'src-1' } },
};
const changing = (...paths: string[]): ObjectPlan => ({
  object: 'Deployment web',
  what: paths.length > 0 ? 'change' : 'unchanged',
  changes: paths.map((path): Change => ({ path, what: 'changed' })),
});
const reasons = (...paths: string[]) => {
  const { rollout, reasons: why } = planService('web', { image, live, object: changing(...paths) });
  return [rollout, ...why];
};

test('plan of a service – what changes in its pods’ template – is why it rolls, in few words', (t) => {
  const container = 'spec.template.spec.containers[web]';
  const secret = 'spec.template.metadata.annotations[whatsthecraic.run.place/secret-site]';
  t.deepEqual(reasons(`${container}.image`), ['rolls', 'image']);
  t.deepEqual(reasons(`${container}.envFrom[0].configMapRef.name`), ['rolls', 'config']);
  t.deepEqual(reasons('spec.template.spec.volumes[v].configMap.name'), ['rolls', 'config']);
  t.deepEqual(reasons(secret), ['rolls', 'Secret site']);
  t.deepEqual(reasons(`${container}.resources.limits.cpu`), [
    'rolls',
    'spec.containers[web].resources.limits.cpu',
  ]);
});

test('plan of a service – changes elsewhere, or none – stays', (t) => {
  t.deepEqual(reasons('spec.replicas', 'metadata.labels.a'), ['stays']);
  t.deepEqual(reasons(), ['stays']);
});

test('plan of a service – no Deployment yet, no answer, a refusal – new, unknown, unknown', (t) => {
  const rollout = (what: ObjectPlan['what'] | undefined) => {
    const object = what && { ...changing(), what };
    return planService('web', { image, live: undefined, object }).rollout;
  };
  t.deepEqual((['create', undefined, 'refused'] as const).map(rollout), [
    'new',
    'unknown',
    'unknown',
  ]);
});

test('plan of a service – its image – there, to build, or unknown and then no reason to roll', (t) => {
  const object = changing('spec.template.spec.containers[web].image');
  const { digest: _, ...unbuilt } = image;
  const plans = [image, unbuilt, undefined].map((it) =>
    planService('web', { image: it, live, object }),
  );
  t.deepEqual(
    plans.map((it) => [it.image, it.source, it.runs, it.rollout]),
    [
      ['there', 'src-2', 'src-1', 'rolls'],
      ['to build', 'src-2', 'src-1', 'rolls'],
      ['unknown', '', 'src-1', 'stays'],
    ],
  );
});

test('new pods – surge as a number, a share, none at all – as Kubernetes rounds it', (t) => {
  const wanted = (replicas: number, strategy: object) => ({
    ...deployment('web'),
    spec: { ...Object(deployment('web').spec), replicas, strategy },
  });
  const surge = (replicas: number, strategy: object) =>
    newPodsOf(
      { service: 'web', rollout: 'rolls' },
      wanted(replicas, strategy),
      wanted(replicas, {}),
    );
  const by = (maxSurge: number | string) => ({
    type: 'RollingUpdate',
    rollingUpdate: { maxSurge },
  });
  t.is(surge(2, by(1)).surge, 1);
  t.is(surge(5, by('30%')).surge, 2);
  t.is(surge(1, {}).surge, 1);
  t.is(surge(3, { type: 'Recreate' }).surge, 0);
  t.is(surge(1, by(4)).surge, 1, 'no more than there are');
});

test('new pods – a first deploy, and one with more of them – stay', (t) => {
  const wanted = { ...deployment('web'), spec: { ...Object(deployment('web').spec), replicas: 3 } };
  t.is(newPodsOf({ service: 'web', rollout: 'new' }, wanted, undefined).lasting, 3);
  t.is(newPodsOf({ service: 'web', rollout: 'stays' }, wanted, deployment('web')).lasting, 2);
  t.is(newPodsOf({ service: 'web', rollout: 'stays' }, deployment('web'), wanted).lasting, 0);
});
