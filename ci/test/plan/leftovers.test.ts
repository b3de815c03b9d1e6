import test from 'ava';
import fc from 'fast-check';
import { configMapsOf } from '../../src/plan/config-maps.ts';
import { type Labelled, leftOver } from '../../src/plan/leftovers.ts';

const labelled = (name: string, owned = false): Labelled => ({
  key: `key of ${name}`,
  name,
  owned,
});
const wanted = new Set(['key of Service kept']);

test('left over – what the manifests hold no more – is listed by name', (t) => {
  const found = ['Service kept', 'Service gone', 'CronJob old'].map((it) => labelled(it));
  t.deepEqual(leftOver(found, wanted, new Set()), ['CronJob old', 'Service gone']);
});

test('left over – what another object made – is not', (t) => {
  t.deepEqual(leftOver([labelled('Service made', true)], wanted, new Set()), []);
});

test('left over – a ConfigMap that pods read – is not, one that nobody reads is', (t) => {
  const found = [labelled('ConfigMap a-1'), labelled('ConfigMap a-2'), labelled('Service a-1')];
  t.deepEqual(leftOver(found, wanted, new Set(['a-1'])), ['ConfigMap a-2', 'Service a-1']);
});

test('left over – in whatever order – is the same', (t) => {
  const names = fc.uniqueArray(fc.stringMatching(/^(Service|ConfigMap) [a-z]{1,5}$/));
  fc.assert(
    fc.property(names, (all) => {
      const found = all.map((name) => labelled(name));
      t.deepEqual(
        leftOver(found, wanted, new Set()),
        leftOver(found.toReversed(), wanted, new Set()),
      );
    }),
  );
});

test('ConfigMaps of a pod – whole, by key, mounted – are all found', (t) => {
  const names = configMapsOf({
    spec: {
      containers: [
        {
          name: 'a',
          image: 'a',
          env: [{ name: 'X', valueFrom: { configMapKeyRef: { name: 'by-key', key: 'X' } } }],
          envFrom: [{ configMapRef: { name: 'whole' } }, { secretRef: { name: 'no' } }],
        },
      ],
      volumes: [{ name: 'v', configMap: { name: 'mounted' } }, { name: 'tmp' }],
    },
  });
  t.deepEqual(names.toSorted(), ['by-key', 'mounted', 'whole']);
});
