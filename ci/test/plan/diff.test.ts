import test from 'ava';
import fc from 'fast-check';
import { changesBetween } from '../../src/plan/diff.ts';

const json = fc.jsonValue({ maxDepth: 4 });

test('changes – of anything with itself – are none', (t) => {
  fc.assert(
    fc.property(json, (value) => changesBetween(value, structuredClone(value)).length === 0),
  );
  t.pass();
});

test('changes – of two unequal things – are at least one, and the same whichever comes first', (t) => {
  const paths = (a: unknown, b: unknown) =>
    changesBetween(a, b)
      .map(({ path }) => path)
      .toSorted();
  fc.assert(
    fc.property(json, json, (a, b) => {
      t.is(paths(a, b).length === 0, canonical(a) === canonical(b));
      t.deepEqual(paths(a, b), paths(b, a));
    }),
  );
});

/** Fields in one fixed order, since theirs is no difference. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, it) => {
    if (Object.is(it, -0)) return '-0';
    if (!it || typeof it !== 'object' || Array.isArray(it)) return it;
    return Object.fromEntries(Object.entries(it).toSorted(([x], [y]) => (x < y ? -1 : 1)));
  });

const pod = (containers: readonly object[]) => ({ spec: { template: { spec: { containers } } } });

test('changes – a field of a named element – are told by its name, with both values', (t) => {
  const [a, b] = ['1', '2'].map((image) => pod([{ name: 'web', image }, { name: 'log' }]));
  t.deepEqual(changesBetween(a, b), [
    {
      path: 'spec.template.spec.containers[web].image',
      what: 'changed',
      before: '1',
      after: '2',
    },
  ]);
});

test('changes – an element more – are that element and not its place', (t) => {
  t.deepEqual(changesBetween(pod([{ name: 'b' }]), pod([{ name: 'a' }, { name: 'b' }])), [
    { path: 'spec.template.spec.containers[a]', what: 'added' },
  ]);
});

test('changes – the same elements in another order – are one, since pods roll for it', (t) => {
  t.deepEqual(
    changesBetween(pod([{ name: 'a' }, { name: 'b' }]), pod([{ name: 'b' }, { name: 'a' }])),
    [{ path: 'spec.template.spec.containers', what: 'reordered' }],
  );
});

test('changes – elements without names – are told by their place, plain values as one', (t) => {
  const from = (name: string) => ({ envFrom: [{ configMapRef: { name } }], args: [name] });
  t.deepEqual(changesBetween(from('a'), from('b')), [
    { path: 'args', what: 'changed' },
    { path: 'envFrom[0].configMapRef.name', what: 'changed', before: 'a', after: 'b' },
  ]);
});

test('changes – a label with dots and slashes – are told by its whole name', (t) => {
  const labels = (value: string) => ({ metadata: { labels: { 'example.ie/a': value } } });
  t.is(changesBetween(labels('1'), labels('2'))[0]?.path, 'metadata.labels[example.ie/a]');
});
