import test from 'ava';
import { type KubernetesObject, objectKey } from '../../src/manifests/objects.ts';
import { parseManifests } from '../../src/manifests/text.ts';
import { handOver, keepCall } from '../../src/replicas/hand-over.ts';
import { handedOver, withKeptReplicas } from '../../src/replicas/kept-in-dry-run.ts';
import { fateOfReplicas, type ReplicasFate } from '../../src/replicas/replicas.ts';
import { render, run } from '../deploy-scenario.ts';
import { rollout } from '../rollout/cluster.ts';

const ours = 'whatsthecraic';
const keeper = 'handover-to-hpa';
const scaler = 'kube-controller-manager';

const fates: readonly [number | undefined, number, readonly string[], ReplicasFate][] = [
  [undefined, 2, [ours], 'kept'],
  [undefined, 2, [], 'applied'],
  [undefined, 2, [scaler], 'applied'],
  [undefined, 2, [ours, scaler], 'applied'],
  [undefined, 2, [keeper], 'applied'],
  [3, 2, [ours], 'applied'],
  [2, 2, [scaler], 'applied'],
  [3, 2, [keeper], 'taken back'],
  [3, 2, [ours, keeper], 'taken back'],
  [3, 2, [scaler], 'left'],
  [3, 2, ['kubectl', keeper], 'left'],
];
for (const [wanted, replicas, owners, fate] of fates) {
  test(`replicas – manifests ${wanted ?? 'leave them out'}, live ${replicas} by ${owners.join(' and ') || 'nobody'} – ${fate}`, (t) => {
    t.is(fateOfReplicas(wanted, { replicas, owners }), fate);
  });
}

const deployment = (replicas?: number, owners: readonly string[] = []): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'web',
    namespace: 'shop',
    managedFields: owners.map((manager) => ({
      manager,
      fieldsV1: { 'f:spec': { 'f:replicas': {} } },
    })),
  } as KubernetesObject['metadata'],
  spec: { ...(replicas === undefined ? {} : { replicas }), paused: false },
});
const service: KubernetesObject = { ...deployment(), kind: 'Service', apiVersion: 'v1' };
const live = (replicas: number, ...owners: readonly string[]) =>
  rollout('web', { wanted: replicas }).deployments.map((it) => ({
    ...it,
    replicasOwners: owners,
  }));
const replicas = (objects: readonly KubernetesObject[]) => objects.map((it) => it.spec);

test('hand-over – the manifests leave out what is ours – the live number is kept, nothing else said', (t) => {
  const sent = [service, deployment()];
  const { keep, objects } = handOver(sent, live(3, ours));
  t.deepEqual(keep, [
    {
      ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
      ...{ metadata: { name: 'web', namespace: 'shop' }, spec: { replicas: 3 } },
    },
  ]);
  t.deepEqual(objects, sent);
  t.deepEqual(keepCall(keep).args, [
    ...['apply', '--server-side', '--openapi-patch=false', '--field-manager=handover-to-hpa'],
    ...['--filename=-', '--validate=false'],
  ]);
});

test('hand-over – the manifests set again what was kept – the keeper is given their number first', (t) => {
  t.deepEqual(replicas(handOver([deployment(1)], live(3, keeper)).keep), [{ replicas: 1 }]);
});

test('hand-over – somebody has scaled – the apply leaves it, whatever the manifests say', (t) => {
  const { keep, objects } = handOver([deployment(1)], live(3, scaler));
  t.deepEqual([keep, replicas(objects)], [[], [{ paused: false }]]);
});

test('hand-over – a Deployment that is not there yet – is applied as it is', (t) => {
  const sent = [deployment(), deployment(2)];
  t.deepEqual(handOver(sent, []), { keep: [], objects: sent });
});

const keyed = (object: KubernetesObject) => new Map([[objectKey(object), object]]);
const answer = (wanted: KubernetesObject, words?: string) => ({
  wanted: keyed(wanted),
  refused: new Map(words ? [[objectKey(wanted), words]] : []),
  warnings: [],
});
const conflict = (owner: string) =>
  `Apply failed with 1 conflict: conflict with "${owner}" using apps/v1: .spec.replicas`;

test('dry run – of replicas that are handed over – has the number that stays', (t) => {
  const there = keyed(deployment(3, [ours]));
  const { wanted } = withKeptReplicas(answer(deployment(1)), [deployment()], there);
  t.deepEqual(replicas([...wanted.values()]), [{ replicas: 3, paused: false }]);
  t.is(handedOver([deployment()], there).length, 1);
  t.is(handedOver([deployment()], keyed(deployment(3, [scaler]))).length, 0);
});

test('dry run – that is refused for nothing but what we keep ourselves – is not refused', (t) => {
  const there = keyed(deployment(3, [keeper]));
  const refused = (words: string) =>
    withKeptReplicas(answer(deployment(1), words), [deployment(1)], there).refused.size;
  t.is(refused(conflict(keeper)), 0);
  t.is(refused('Apply failed with 2 conflicts: conflicts with "handover-to-hpa"'), 1);
  t.is(refused('spec.selector: field is immutable'), 1);
  const scaled = keyed(deployment(3, [scaler]));
  const { refused: stays } = withKeptReplicas(
    answer(deployment(1), conflict(scaler)),
    [deployment(1)],
    scaled,
  );
  t.is(stays.size, 1);
});

const setTo = (count: number) => async (images: Parameters<typeof render>[0]) =>
  (await render(images)).map((object) =>
    object.kind === 'Deployment'
      ? { ...object, spec: { ...Object(object.spec), replicas: count } }
      : object,
  );
const replicasIn = (manifests: string) =>
  parseManifests(manifests)
    .filter(({ kind }) => kind === 'Deployment')
    .map(({ spec }) => (spec as { replicas?: number }).replicas);

test('deploy – the manifests give up replicas that we own – they are handed over before the apply', async (t) => {
  const { result, applied } = await run({ replicasOwners: [ours] });
  t.is((await result).state, 'verified');
  t.deepEqual(applied.map(replicasIn), [Array(6).fill(1), Array(6).fill(undefined)]);
});

test('deploy – nobody owns the replicas, or the manifests set what is there – one apply', async (t) => {
  for (const given of [{}, { replicasOwners: [ours], request: { render: setTo(1) } }]) {
    const { result, applied } = await run(given);
    t.is((await result).state, 'verified');
    t.is(applied.length, 1);
  }
});

test('apply – an autoscaler has scaled what the manifests set – its number stays', async (t) => {
  const { result, applied } = await run({
    replicasOwners: [scaler],
    request: { render: setTo(4) },
  });
  t.is((await result).state, 'verified');
  t.deepEqual(applied.map(replicasIn), [Array(6).fill(undefined)]);
});

test('deploy – the hand-over is refused – told, and nothing else applied', async (t) => {
  const refuse = { exitCode: 1, stdout: '', stderr: 'conflict with "kubectl": .spec.replicas' };
  const { result, applied } = await run({
    replicasOwners: [ours],
    apply: () => refuse,
  });
  await t.throwsAsync(result, { code: 'APPLY_FAILED', message: /conflict with "kubectl"/ });
  t.deepEqual(applied.map(replicasIn), Array(3).fill(Array(6).fill(1)));
});
