import test from 'ava';
import { type KubernetesObject, objectKey } from '../../src/manifests/objects.ts';
import { pruneCandidates } from '../../src/prune/candidates.ts';
import { type ObjectName, parseNames, printName } from '../../src/prune/inventory.ts';
import { judgePrune } from '../../src/prune/judge-prune.ts';

const named = (kind: string, name: string): ObjectName => ({
  apiVersion: kind === 'Deployment' ? 'apps/v1' : 'v1',
  kind,
  metadata: { name, namespace: 'shop' },
});
const names = (objects: readonly ObjectName[]) => objects.map(({ metadata }) => metadata.name);

/** As it lies on the cluster. */
const live = (it: ObjectName, more: object = {}): KubernetesObject => ({
  ...it,
  metadata: {
    ...it.metadata,
    labels: { 'app.kubernetes.io/part-of': 'whatsthecraic' },
    managedFields: [{ manager: 'whatsthecraic' }],
    ...more,
  } as KubernetesObject['metadata'],
});
const judged = (
  objects: readonly KubernetesObject[],
  { inUse = [] as readonly string[], serving = 50 } = {},
) =>
  judgePrune({
    candidates: objects,
    live: new Map(objects.map((it) => [objectKey(it), it])),
    configMapsInUse: new Set(inUse),
    serving,
  });

test('inventory – any object – is read as it was written, what is none is left out', (t) => {
  const place = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
  const all = [place, named('Deployment', 'web')];
  t.deepEqual(parseNames(all.map(printName)), all);
  t.deepEqual(parseNames(['', 'v1 ConfigMap', 'v1 ConfigMap a b']), []);
  t.deepEqual(parseNames(), []);
});

test('prune – what earlier releases held and what serves does not – is a candidate, each once', (t) => {
  const [web, old] = [named('Deployment', 'web'), named('Service', 'old')];
  const inventories = { kept: [[web, old], [old]], going: [[named('Service', 'older')]] };
  t.deepEqual(names(pruneCandidates({ ...inventories, serving: [web] })), ['old', 'older']);
});

test('prune – a ConfigMap – stays while a release on record names it', (t) => {
  const [kept, going] = [named('ConfigMap', 'kept'), named('ConfigMap', 'going')];
  const found = pruneCandidates({ kept: [[kept]], going: [[kept, going]], serving: [] });
  t.deepEqual(names(found), ['going']);
});

test('prune – without our label, not applied by us, owned, or ending already – survives', (t) => {
  const service = (name: string, more: object = {}) => live(named('Service', name), more);
  const { remove, withheld } = judged([
    service('a', { labels: {} }),
    service('b', { managedFields: [{ manager: 'kubectl-create' }] }),
    service('c', { ownerReferences: [{ uid: 'x' }] }),
    service('d', { deletionTimestamp: '2026-11-24T00:00:00Z' }),
    service('e'),
  ]);
  t.deepEqual(names(remove), ['e']);
  t.deepEqual(withheld, []);
});

test('prune – a ConfigMap that pods read – stays', (t) => {
  const objects = ['read', 'unread'].map((name) => live(named('ConfigMap', name)));
  t.deepEqual(names(judged(objects, { inUse: ['read'] }).remove), ['unread']);
});

test('prune – what holds data – is told and never removed', (t) => {
  for (const kind of ['Namespace', 'PersistentVolumeClaim', 'CustomResourceDefinition', 'Secret']) {
    const { remove, withheld } = judged([live(named(kind, 'it'))]);
    t.deepEqual(remove, []);
    t.regex(withheld.join(), new RegExp(`^${kind} it, .*by hand`));
  }
});

test('prune – more than 30 % of what serves – is withheld, but for ConfigMaps', (t) => {
  const services = ['a', 'b', 'c', 'd'].map((name) => live(named('Service', name)));
  const maps = ['m', 'n'].map((name) => live(named('ConfigMap', name)));
  const few = judged([...services.slice(0, 3), ...maps], { serving: 10 });
  t.deepEqual(names(few.remove), ['a', 'b', 'c', 'm', 'n']);
  const many = judged([...services, ...maps], { serving: 10 });
  t.deepEqual(names(many.remove), ['m', 'n']);
  t.is(many.withheld.length, 4);
});
