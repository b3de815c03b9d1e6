import test from 'ava';
import fc from 'fast-check';
import { inApplyOrder } from '../../src/manifests/apply-order.ts';

const object = (kind: string, name = 'a') => ({ apiVersion: 'v1', kind, metadata: { name } });

const kinds = [
  'Namespace',
  'NetworkPolicy',
  'ServiceAccount',
  'Secret',
  'ConfigMap',
  'PersistentVolumeClaim',
  'Service',
  'PodDisruptionBudget',
  'Gateway',
  'Deployment',
  'Job',
  'HorizontalPodAutoscaler',
  'Ingress',
];

test('apply order – any shuffle – puts what others refer to first and unknown kinds before pods', (t) => {
  const objects = kinds.map((kind) => object(kind));
  fc.assert(
    fc.property(fc.shuffledSubarray(objects, { minLength: objects.length }), (shuffled) => {
      t.deepEqual(
        inApplyOrder(shuffled).map(({ kind }) => kind),
        kinds,
      );
    }),
  );
});

test('apply order – objects of one kind – are sorted by name, whatever the locale', (t) => {
  const names = ['b', 'a', 'a-b', 'ab'];
  t.deepEqual(
    inApplyOrder(names.map((name) => object('Service', name))).map(({ metadata }) => metadata.name),
    ['a', 'a-b', 'ab', 'b'],
  );
});

test('apply order – the given list – is not changed', (t) => {
  const given = [object('Service'), object('Namespace')];
  inApplyOrder(given);
  t.is(given[0]?.kind, 'Service');
});
