import test from 'ava';
import { type KubernetesObject, objectName } from '../../ci/src/manifests/objects.ts';
import { podTemplateOf } from '../../ci/src/manifests/pod-template.ts';
import { namespaceOf } from '../../ci/src/namespace.ts';
import { ofKind } from './helpers/objects.ts';
import { overlay, overlays } from './helpers/overlays.ts';

const production = overlay('production');
const staging = overlay('staging');

test('local – beside production – lacks the ingress and has a way to the stand-ins, nothing else', (t) => {
  const local = overlay('local');
  t.deepEqual(
    local.map(objectName).filter((name) => !production.map(objectName).includes(name)),
    ['NetworkPolicy stand-ins'],
  );
  t.deepEqual(
    local.filter((object) => objectName(object) !== 'NetworkPolicy stand-ins').map(withoutStandIns),
    production.filter(({ kind }) => kind !== 'Ingress'),
  );
});

test('SOURCES_URL – each overlay – is named by local alone, of which the Secret may lack it', (t) => {
  for (const [name, objects] of overlays) {
    const naming = objects.filter((object) => JSON.stringify(object).includes('SOURCES_URL'));
    const expected = name === 'local' ? ['CronJob ingest', 'Deployment events-service'] : [];
    t.deepEqual(naming.map(objectName).toSorted(), expected, name);
  }
  const added = overlay('local').flatMap((object) => standInVariables(object));
  t.deepEqual(
    added.filter(({ valueFrom }) => valueFrom?.secretKeyRef?.optional !== true),
    [],
  );
});

test('money – no overlay – says that it may be spent', (t) => {
  for (const [name, objects] of overlays) {
    const ingest = ofKind(objects, 'ConfigMap').find(({ metadata }) =>
      metadata.name.startsWith('ingest-config-'),
    );
    t.is(ingest?.data.DICE_APIFY_ENABLED, 'false', name);
  }
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

/** What the overlay `local` adds to the environment of pods: where the Secret of make up leads. */
const standIn = ['SOURCES_URL', 'BANDSINTOWN_SEED_ARTISTS', 'DICE_APIFY_ENABLED'];

const standInVariables = (object: KubernetesObject) =>
  (podTemplateOf(object)?.spec.containers ?? [])
    .flatMap(({ env = [] }) => env)
    .filter(({ name }) => standIn.includes(name));

function withoutStandIns(object: KubernetesObject): KubernetesObject {
  const copy = structuredClone(object);
  for (const container of podTemplateOf(copy)?.spec.containers ?? []) {
    if (!container.env) continue;
    const env = container.env.filter(({ name }) => !standIn.includes(name));
    Object.assign(container, { env });
  }
  return copy;
}

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
