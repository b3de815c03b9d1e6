import test from 'ava';
import type { KubernetesObject } from '../../src/manifests/objects.ts';
import { objectsOnTheWayBack } from '../../src/release/way-back.ts';
import { deployment } from '../manifests/helpers/objects.ts';

const config = (name: string, value: string): KubernetesObject => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'whatsthecraic' } },
  data: { LOG_LEVEL: value },
});
const reading = (service: string, ...names: readonly string[]): KubernetesObject => {
  const made = deployment(service, { envFrom: names.map((name) => ({ configMapRef: { name } })) });
  const labels = { 'app.kubernetes.io/name': service };
  return { ...made, metadata: { ...made.metadata, labels } };
};
const release = (hash: string): readonly KubernetesObject[] => [
  config('common-1', 'info'),
  config(`dj-${hash}`, hash),
  config(`ml-${hash}`, hash),
  reading('dj-service', 'common-1', `dj-${hash}`),
  reading('ml-service', 'common-1', `ml-${hash}`),
];
const [earlier, later] = [release('old'), release('new')];
const readBy = (objects: readonly KubernetesObject[] = [], service: string) =>
  JSON.stringify(objects.find((it) => it.kind === 'Deployment' && it.metadata.name === service))
    .match(/(?<="name":")(?:common|dj|ml)-[a-z0-9]+(?=")/g)
    ?.filter((name) => name !== service);
const maps = (objects: readonly KubernetesObject[] = []) =>
  objects.filter(({ kind }) => kind === 'ConfigMap').map(({ metadata }) => metadata.name);

test('way back – of all – is what was recorded, config included', (t) => {
  const way = { whole: true, services: ['dj-service', 'ml-service'] };
  t.is(objectsOnTheWayBack(way, later, earlier), earlier);
});

test('way back – of one service – takes its own config along and leaves the others theirs', (t) => {
  const back = objectsOnTheWayBack({ whole: false, services: ['dj-service'] }, later, earlier);
  t.deepEqual(readBy(back, 'dj-service'), ['common-1', 'dj-old']);
  t.deepEqual(readBy(back, 'ml-service'), ['common-1', 'ml-new']);
  // What the others' pods and those that still end read stays until it is proven and pruned.
  t.deepEqual(maps(back).toSorted(), ['common-1', 'dj-new', 'dj-old', 'ml-new']);
});

test('way back – to what is applied already – is none', (t) => {
  t.is(objectsOnTheWayBack({ whole: true, services: [] }, earlier, release('old')), undefined);
});
