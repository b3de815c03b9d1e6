import test from 'ava';
import { type KubernetesObject, objectName } from '../../ci/src/manifests/objects.ts';
import { namespaceOf } from '../../ci/src/namespace.ts';
import { ofKind } from './helpers/objects.ts';
import { overlay, overlays } from './helpers/overlays.ts';

const production = overlay('production');
const staging = overlay('staging');

test('local – beside production – lacks the ingress and nothing else', (t) => {
  t.deepEqual(
    overlay('local'),
    production.filter(({ kind }) => kind !== 'Ingress'),
  );
});

test('staging – beside production – has names of its own, other settings and fewer replicas', (t) => {
  t.deepEqual(production.map(alike).map(objectName), staging.map(alike).map(objectName));
  const different = staging.filter(
    (object, index) =>
      JSON.stringify(alike(object)) !== JSON.stringify(alike(production[index] ?? object)),
  );
  t.deepEqual(different.map(alike).map(objectName), [
    'ConfigMap common-config',
    'HorizontalPodAutoscaler aggregator-hpa',
    'HorizontalPodAutoscaler events-service-hpa',
  ]);
});

test('staging – its settings – differ by a schema of its own and a talkative log', (t) => {
  t.deepEqual(commonConfig(staging), {
    ...commonConfig(production),
    DB_NAME: 'gigsdb_staging',
    LOG_LEVEL: 'debug',
  });
});

test('staging – its pods – are six and never more', (t) => {
  t.true(ofKind(staging, 'HorizontalPodAutoscaler').every(({ spec }) => spec.maxReplicas === 1));
});

test('staging – its hosts – are production’s below another name, and no overlay shares one', (t) => {
  t.deepEqual(hostsOf(staging), [
    'api.staging.whatsthecraic.run.place',
    'auth.staging.whatsthecraic.run.place',
    'staging.whatsthecraic.run.place',
    'www.staging.whatsthecraic.run.place',
  ]);
  const all = [...overlays.values()].flatMap(hostsOf);
  t.is(new Set(all).size, all.length);
});

test('overlays – each namespace – is the one that the pipeline asks', (t) => {
  for (const [name, objects] of overlays) {
    const namespaces = objects.filter(({ kind }) => kind === 'Namespace');
    t.deepEqual(
      namespaces.map(({ metadata }) => metadata.name),
      [namespaceOf(name)],
    );
  }
});

/** The object as it would be in production, but for what is not a name. */
function alike(object: KubernetesObject): KubernetesObject {
  const text = JSON.stringify(object)
    .replaceAll('whatsthecraic-staging', 'whatsthecraic')
    .replaceAll('staging.whatsthecraic.run.place', 'whatsthecraic.run.place')
    .replaceAll(/(common|auth-service)-config-[a-z0-9]{10}/g, '$1-config');
  return JSON.parse(text) as KubernetesObject;
}

function commonConfig(objects: readonly KubernetesObject[]) {
  const found = ofKind(objects, 'ConfigMap').find((map) => /^common-/.test(map.metadata.name));
  return found?.data;
}

function hostsOf(objects: readonly KubernetesObject[]): readonly string[] {
  return ofKind(objects, 'Ingress').flatMap(({ spec }) => spec.rules.map(({ host }) => host));
}
