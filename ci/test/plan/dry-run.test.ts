import { randomBytes } from 'node:crypto';
import test from 'ava';
import { type KubernetesObject, objectKey } from '../../src/manifests/objects.ts';
import { dryRun } from '../../src/plan/dry-run.ts';
import { scripted } from './scripted.ts';

const object = (name: string): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
});
const objects = ['a', 'b', 'c'].map(object);
const conflict = 'Apply failed with 1 conflict: conflict with "kubectl": .spec.replicas';
const invalid = 'The Deployment "b" is invalid: spec.selector: field is immutable';
const names = (keys: Iterable<string>) => [...keys].map((key) => key.split('/').at(-1));

test('dry run – all is taken – one round trip, which changes nothing', async (t) => {
  const target = scripted();
  const { wanted, refused, warnings } = await dryRun(target, objects);
  t.deepEqual([names(wanted.keys()), [...refused], warnings], [['a', 'b', 'c'], [], []]);
  t.is(target.trips.length, 1);
  for (const { args } of target.trips.flat()) t.true(args.includes('--dry-run=server'));
});

test('dry run – a field of somebody else – refused, and what it would be is known', async (t) => {
  const target = scripted({ refuses: { b: conflict } });
  const { wanted, refused } = await dryRun(target, objects);
  t.deepEqual(names(wanted.keys()), ['a', 'b', 'c']);
  t.deepEqual([...refused], [[objectKey(object('b')), conflict]]);
  t.is(target.trips.length, 1);
});

test('dry run – one is invalid and another somebody else’s – each its own words, the rest is known', async (t) => {
  const target = scripted({
    refuses: { b: `Error from server (Invalid): ${invalid}`, c: conflict },
  });
  const { wanted, refused } = await dryRun(target, objects);
  t.deepEqual(names(wanted.keys()).toSorted(), ['a', 'c']);
  t.is(refused.get(objectKey(object('b'))), invalid);
  t.regex(refused.get(objectKey(object('c'))) ?? '', /conflict with "kubectl"/);
  t.is(target.trips.length, 2);
});

test('dry run – invalid for several causes – each of them is told', async (t) => {
  const head = 'The Service "b" is invalid: ';
  const causes = '* spec.ports[0].name: Required value\n* spec.ports[1].name: Required value';
  const { refused } = await dryRun(scripted({ refuses: { b: `${head}\n${causes}` } }), objects);
  t.is(refused.get(objectKey(object('b'))), `${head.trim()}\n${causes}`);
});

test('dry run – more are refused than a node could be asked about – are not asked about one by one', async (t) => {
  const many = Array.from({ length: 30 }, (_, index) => object(`n${index}`));
  const refuses = Object.fromEntries(many.map(({ metadata }) => [metadata.name, 'no']));
  const target = scripted({ refuses });
  const { wanted, refused } = await dryRun(target, many);
  t.deepEqual([wanted.size, refused.size], [0, 30]);
  t.true(target.trips.flat().length < 5);
});

test('dry run – manifests of which a command carries one copy – asks by two', async (t) => {
  // Random, so that packing makes nothing smaller.
  const data = { text: randomBytes(24_000).toString('base64') };
  const target = scripted();
  const { refused } = await dryRun(target, [{ ...object('large'), data }]);
  t.is(refused.size, 0);
  t.deepEqual(
    target.trips.map((calls) => calls.length),
    [1, 1],
  );
});
