import test from 'ava';
import { planTakeover } from '../../src/adopt/takeover.ts';
import { inTransition } from '../../src/adopt/transition.ts';
import { type KubernetesObject, objectKey } from '../../src/manifests/objects.ts';
import { selectorChanges } from '../../src/plan/selector-change.ts';

const labels = { 'app.kubernetes.io/name': 'web', tier: 'front' };

const deployment = (matchLabels: object, metadata: object = {}): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', ...metadata } as KubernetesObject['metadata'],
  spec: {
    selector: { matchLabels },
    template: {
      metadata: { labels },
      spec: {
        containers: [{ name: 'web', image: 'web', ports: [{ name: 'http', containerPort: 4000 }] }],
      },
    },
  },
});
const rendered = deployment({ 'app.kubernetes.io/name': 'web' });
const service: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    selector: { 'app.kubernetes.io/name': 'web' },
    ports: [{ name: 'http', port: 80, targetPort: 'http' }],
  },
};
const rule: KubernetesObject = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'deny-all', namespace: 'shop' },
};
const objects = [rule, service, rendered];
const live = new Map(
  [deployment({ app: 'web' }, { uid: 'old', resourceVersion: '7', generation: 3 })].map((it) => [
    objectKey(it),
    it,
  ]),
);
const set = (name: string, more: object = {}) => ({
  ...{ name, ownerUid: 'old', replicas: 1 },
  ...{ labels: { app: 'web', tier: 'back', 'pod-template-hash': name } },
  ...more,
});
const plan = (...sets: readonly ReturnType<typeof set>[]) =>
  planTakeover(objects, live, selectorChanges(objects, { live }), sets);

test('takeover – what is found – is as it can be made again, what is not is made', (t) => {
  const { found, made, replaced } = plan();
  t.deepEqual(found, [deployment({ app: 'web' })]);
  t.deepEqual(made, ['networkpolicy.networking.k8s.io/deny-all', 'service/web']);
  t.deepEqual(replaced, ['web']);
});

test('takeover – ReplicaSets that serve – get the labels that they lack and no other', (t) => {
  const { sets } = plan(set('a'), set('empty', { replicas: 0 }), set('b', { ownerUid: 'x' }));
  t.deepEqual(sets, [
    {
      ...{ name: 'a', deployment: 'web', hash: 'a' },
      added: {
        'app.kubernetes.io/name': 'web',
        'whatsthecraic.run.place/served-before': 'web',
      },
    },
  ]);
});

test('takeover – pods whose label the Service would need to be another – is refused before anything', (t) => {
  const clash = set('a', { labels: { 'app.kubernetes.io/name': 'front' } });
  const error = t.throws(() => plan(clash), { code: 'ADOPTION_FAILED' });
  t.regex(
    error?.message ?? '',
    /to select app.kubernetes.io\/name=web, .* bear app.kubernetes.io\/name=front/,
  );
});

test('in transition – Services find ports by number, network rules that are new wait', (t) => {
  const [moved, ...others] = inTransition(objects, live);
  t.deepEqual(Object(moved?.spec).ports, [{ name: 'http', port: 80, targetPort: 4000 }]);
  t.deepEqual(others, [rendered]);
  const known = new Map([...live, [objectKey(rule), rule] as const]);
  t.true(inTransition(objects, known).includes(rule));
});
