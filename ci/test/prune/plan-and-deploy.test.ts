import test from 'ava';
import type { KubernetesObject } from '../../src/manifests/objects.ts';
import { printManifests } from '../../src/manifests/text.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { recordObjects } from '../../src/release/record.ts';
import { imageNames } from '../../src/services.ts';
import { commit, image, names, render, run } from '../deploy-scenario.ts';
import { scripted } from '../plan/scripted.ts';
import { earlierRelease } from '../release/earlier.ts';

const object = (kind: string, name: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind,
  metadata: {
    name,
    namespace: 'whatsthecraic-staging',
    labels: { 'app.kubernetes.io/part-of': 'whatsthecraic' },
    managedFields: [{ manager: 'whatsthecraic' }],
  } as KubernetesObject['metadata'],
});
const gone = [
  object('Service', 'old'),
  object('PersistentVolumeClaim', 'models'),
  object('ConfigMap', 'read-by-pods'),
  object('ConfigMap', 'named-by-the-last-release'),
];
const rendered = await render(
  Object.fromEntries(names.map((name) => [name, `earlier/${name}@sha256:${'e'.repeat(64)}`])),
);
/** Thirteen releases, of which the oldest two go with the next: one held the ConfigMap that pods read. */
const records = Array.from({ length: 13 }, (_, index) => index).flatMap((index) => {
  const id = `202611${String(index + 10)}t090000z-fedcba9`;
  const [service, claim, read, named] = gone as [
    KubernetesObject,
    KubernetesObject,
    KubernetesObject,
    KubernetesObject,
  ];
  const own = index === 0 ? [service, read] : index === 12 ? [service, claim, named] : [service];
  return recordObjects(earlierRelease({ id }), [...rendered, ...own]);
});

const summary = (record: KubernetesObject) =>
  (record.data as Record<string, string>)['release.json'];
const list = printManifests(gone);
/** A ReplicaSet with a pod that reads a ConfigMap; of a Deployment that rolls, unless told. */
const sets = (owner: string) => `${[owner, '1', '1', 'read-by-pods', '', ''].join('\x1f')}\x1e`;

const answer = (owner: string) => (args: readonly string[]) => {
  if (args[1] === 'configmaps') return records.map((it) => `${summary(it) ?? ''}\x1e`).join('');
  if (args[1] === 'replicasets') return sets(owner);
  return args.includes('--show-managed-fields') ? list : undefined;
};

const plan = (owner: string) =>
  makePlan({
    overlay: 'production',
    readRevision: async () => ({ commit, branch: 'main', dirty: false }),
    openTarget: async () => scripted({ answer: answer(owner) }),
    readMigrations: async () => [],
    findImages: async () => imageNames.map((name) => ({ ...image(name), inputs: [] })),
    render,
    renderNode: async () => [],
    findUnlisted: async () => [],
  });

/** What a deploy removes, and what it says of what it does not. */
async function deployed(owner: string) {
  const { result, target, said } = await run({
    records,
    answer: (args) => {
      const stdout = args[1] === 'configmaps' ? undefined : answer(owner)(args);
      return stdout === undefined ? undefined : { exitCode: 0, stdout, stderr: '' };
    },
  });
  const { state } = await result;
  const removed = target.calls
    .filter((it) => it[0] === 'delete' && !it.includes('configmap') && !it.includes('job'))
    .flatMap((it) => it.filter((word) => word.includes('/')));
  return { state, removed, withheld: said.filter((it) => it.startsWith('not removed: ')) };
}

test('plan – what earlier releases applied and this one lacks – is just what its deploy removes', async (t) => {
  const { removed, withheld, leftOver } = await plan('stranger');
  t.deepEqual(removed, ['Service old']);
  t.deepEqual(withheld, ['PersistentVolumeClaim models, which may hold data: remove it by hand']);
  t.deepEqual(leftOver, []);
  const real = await deployed('stranger');
  t.is(real.state, 'verified');
  t.deepEqual(real.removed, ['service/old']);
  t.deepEqual(
    real.withheld,
    withheld.map((it) => `not removed: ${it}`),
  );
});

test('plan – a ConfigMap that only the pods of today read – goes when these are gone', async (t) => {
  const { removed } = await plan('aggregator');
  t.deepEqual(removed, ['Service old', 'ConfigMap read-by-pods']);
});
