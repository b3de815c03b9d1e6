import test from 'ava';
import type { KubernetesObject } from '../../src/manifests/objects.ts';
import { changesNothing, readTrial, trialCalls } from '../../src/release/trial.ts';
import { type SetAt, trialText } from './trial-text.ts';

const objects: readonly KubernetesObject[] = ['a', 'b', 'c'].map((name) => ({
  ...{ apiVersion: 'v1', kind: 'Service' },
  metadata: { name },
}));
const calls = trialCalls(objects, { release: 'x', adopt: false });
const trial = (setAt?: SetAt) => readTrial(calls.map(({ input }) => trialText(input, setAt)));

test('trial – all objects – are asked about once, none is changed', (t) => {
  const items = calls.map(({ input }) => JSON.parse(input ?? '').items as KubernetesObject[]);
  const names = items.map((some) => some.map(({ metadata }) => metadata.name));
  t.deepEqual(names, [
    ['trial-x', 'a', 'b'],
    ['trial-x', 'c'],
  ]);
  t.true(calls.every(({ args }) => args.includes('--dry-run=server')));
});

test('trial – nothing has been set since – an apply would change nothing', (t) => {
  t.true(changesNothing(objects, trial() ?? []));
});

for (const [what, time] of [
  ['in this very second', '2026-11-23T02:00:00Z'],
  ['later, while the trial went on', '2026-11-23T02:00:01Z'],
  ['so shortly before that clocks may differ by it', '2026-11-23T01:59:56Z'],
  [
    'by two managers of our name, of which one did now',
    '2026-11-20T02:00:00Z 2026-11-23T02:00:00Z',
  ],
  ['never, as Kubernetes’ books have it', ''],
] as const) {
  test(`trial – our fields of one object were set ${what} – an apply would change it`, (t) => {
    const tried = trial(({ metadata }) => (metadata.name === 'b' ? time : '2026-11-22T09:00:00Z'));
    t.false(changesNothing(objects, tried ?? []));
  });
}

test('trial – fewer objects are printed than were asked about – says nothing', (t) => {
  const [first] = calls.map(({ input }) => trialText(input));
  t.false(changesNothing(objects, readTrial(first ? [first] : []) ?? []));
});

test('trial – one half is refused – there is none', (t) => {
  const [first] = calls.map(({ input }) => trialText(input));
  const refused = { exitCode: 1, stdout: '', stderr: 'Apply failed with 1 conflict' };
  t.is(readTrial(first ? [first, refused] : []), undefined);
});
