import test from 'ava';
import fc from 'fast-check';
import { type KubernetesObject, objectKey } from '../../src/manifests/objects.ts';
import { refusals } from '../../src/plan/obstacles.ts';
import type { HandMadeField } from '../../src/plan/plan.ts';
import { planObjects } from '../../src/plan/plan-objects.ts';
import { deployment } from '../manifests/helpers/objects.ts';

const keyed = (...objects: readonly KubernetesObject[]) =>
  new Map(objects.map((it) => [objectKey(it), it]));
const none = new Map<string, string>();

test('plan of objects – only what the server or the release writes differs – unchanged', (t) => {
  const [is, shall] = ['1', '2'].map((it): KubernetesObject => {
    const annotations = {
      'whatsthecraic.run.place/release': it,
      'whatsthecraic.run.place/commit': it,
      'whatsthecraic.run.place/source': it,
    };
    const own = { resourceVersion: it, uid: it, generation: it, managedFields: [it] };
    const object = deployment('web');
    return { ...object, metadata: { ...object.metadata, ...own, annotations }, status: { it } };
  }) as [KubernetesObject, KubernetesObject];
  const [plan] = planObjects([is], { live: keyed(is) }, { wanted: keyed(shall), refused: none });
  t.deepEqual(plan, { object: 'Deployment web', what: 'unchanged', changes: [] });
});

test('plan of objects – in another version of the same API – the same object', (t) => {
  const rendered = { ...deployment('web'), apiVersion: 'apps/v2' };
  const wanted = keyed(deployment('web'));
  t.is(planObjects([rendered], { live: wanted }, { wanted, refused: none })[0]?.what, 'unchanged');
});

test('plan of objects – in whatever order – each is told the same', (t) => {
  const all = ['a', 'b', 'c', 'd', 'e'].map((name) => deployment(name));
  const some = fc.subarray(all);
  const shuffled = fc.shuffledSubarray(all, { minLength: all.length });
  fc.assert(
    fc.property(some, some, some, shuffled, (live, wanted, refused, order) => {
      const told = (objects: readonly KubernetesObject[]) =>
        planObjects(
          objects,
          { live: keyed(...live) },
          {
            wanted: keyed(...wanted),
            refused: new Map(refused.map((it) => [objectKey(it), 'no'])),
          },
        ).toSorted((a, b) => (a.object < b.object ? -1 : 1));
      t.deepEqual(told(order), told(all));
    }),
  );
});

const web = deployment('web');
const field: HandMadeField = {
  object: 'Deployment web',
  path: 'spec.replicas',
  manager: 'kubectl',
  fate: 'refused',
};
const said = (words: string, ...fields: readonly HandMadeField[]) =>
  refusals([web], { refused: new Map([[objectKey(web), words]]) }, fields).map((it) => it.message);

test('refusals – a field of somebody else – names field, owner and cure', (t) => {
  t.deepEqual(
    said('Apply failed with 1 conflict: conflict with "kubectl": .spec.replicas', field),
    [
      'Deployment web would be refused: others have changed spec.replicas (kubectl).\nSet them back on the cluster, write them into k8s/, or deploy with --adopt, which takes them.',
    ],
  );
});

test('refusals – of another cause, or of an owner that nobody knows – are in the server’s words', (t) => {
  t.deepEqual(said('spec.selector: field is immutable', field), [
    'Deployment web would be refused: spec.selector: field is immutable',
  ]);
  t.deepEqual(said('Apply failed with 1 conflict', { ...field, object: 'Deployment other' }), [
    'Deployment web would be refused: Apply failed with 1 conflict',
  ]);
});
