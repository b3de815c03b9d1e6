import test from 'ava';
import fc from 'fast-check';
import { changesBetween } from '../../src/plan/diff.ts';

const secret = 'hush-hush-hush';

/** Places in which people put secrets, rightly or not. */
const places: Readonly<Record<string, (value: unknown) => object>> = {
  'a Secret': (value) => ({ data: { PASSWORD: value }, stringData: { A: value } }),
  'a ConfigMap': (value) => ({ data: { LOG_LEVEL: value }, binaryData: { b: value } }),
  'an environment variable': (value) => ({ spec: { env: [{ name: 'A', value }] } }),
  'one without a name': (value) => ({ spec: { env: [{ value }] } }),
  arguments: (value) => ({
    spec: { containers: [{ name: 'a', args: [value], command: [value] }] },
  }),
  'an annotation': (value) => ({
    metadata: { annotations: { 'kubectl.kubernetes.io/last': value } },
  }),
};

for (const [place, put] of Object.entries(places)) {
  test(`a plan’s values – ${place} – are not shown, only that they change`, (t) => {
    for (const [before, after] of [
      [secret, 'other'],
      ['other', secret],
      [undefined, secret],
      [secret, undefined],
    ]) {
      const changes = changesBetween(put(before), put(after));
      t.true(changes.length > 0);
      t.false(JSON.stringify(changes).includes(secret));
    }
  });
}

test('a plan’s values – data of whatever shape and depth – are not shown', (t) => {
  const deep = fc.object({ maxDepth: 3, values: [fc.constant(secret)] });
  fc.assert(
    fc.property(deep, (data) => {
      t.false(JSON.stringify(changesBetween({ data: {} }, { data })).includes(`"${secret}"`));
    }),
  );
});

test('a plan’s values – figures, images, and the pipeline’s own notes – are shown', (t) => {
  const note = 'whatsthecraic.run.place/secret-site';
  const object = (value: string, replicas: number) => ({
    metadata: { annotations: { [note]: value } },
    spec: { replicas, image: value },
  });
  t.deepEqual(
    changesBetween(object('41', 1), object('42', 2)).map(({ before, after }) => [before, after]),
    [
      ['41', '42'],
      ['41', '42'],
      ['1', '2'],
    ],
  );
});

test('a plan’s values – a very long one – is cut', (t) => {
  const [change] = changesBetween({ a: 'x' }, { a: 'y'.repeat(5_000) });
  t.is(change?.after?.length, 161);
});
