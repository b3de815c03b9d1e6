import test from 'ava';
import { givenUpReplicas, keepReplicas } from '../../src/adopt/hand-over.ts';
import { type KubernetesObject, objectKey } from '../../src/manifests/objects.ts';

const deployment = (replicas?: number, ...owners: readonly string[]): KubernetesObject => ({
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
  spec: replicas === undefined ? {} : { replicas },
});
const givenUp = (rendered: KubernetesObject, live: KubernetesObject) =>
  givenUpReplicas([rendered], new Map([[objectKey(live), live]])).length;

test('replicas – that only we or a client-side apply own, and the manifests leave out – are given up', (t) => {
  t.is(givenUp(deployment(), deployment(2, 'kubectl-client-side-apply')), 1);
  t.is(givenUp(deployment(), deployment(2, 'whatsthecraic')), 1);
});

test('replicas – that an autoscaler owns too, or the manifests set – are not', (t) => {
  t.is(givenUp(deployment(), deployment(2, 'whatsthecraic', 'kube-controller-manager')), 0);
  t.is(givenUp(deployment(1), deployment(2, 'whatsthecraic')), 0);
});

test('replicas – given up – are kept at their number under a name of their own', (t) => {
  const [call] = keepReplicas([deployment(2)]);
  t.true(call?.args.includes('--field-manager=handover-to-hpa'));
  const { items } = JSON.parse(call?.input ?? '');
  t.deepEqual(items, [
    {
      ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
      ...{ metadata: { name: 'web', namespace: 'shop' }, spec: { replicas: 2 } },
    },
  ]);
});
