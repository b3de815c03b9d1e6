import test from 'ava';
import { podTemplateOf } from '../../src/manifests/pod-template.ts';
import { withSecretVersions } from '../../src/manifests/secret-versions.ts';
import { deployment, fromSecret } from './helpers/objects.ts';

const state = (name: string, resourceVersion: string) => ({ name, resourceVersion, keys: [] });
const reader = deployment('one', { env: [fromSecret('HOST')] });

test('secret version – a pod that reads the Secret – carries it as an annotation', (t) => {
  const [object] = withSecretVersions([reader], [state('site', '42'), state('other', '1')]);
  t.deepEqual(object && podTemplateOf(object)?.metadata, {
    labels: { app: 'one' },
    annotations: { 'whatsthecraic.run.place/secret-site': '42' },
  });
});

test('secret version – everything else of the object – stays as it is', (t) => {
  const before = structuredClone(reader);
  const [object] = withSecretVersions([reader], [state('site', '42')]);
  const template = object && podTemplateOf(object);
  t.deepEqual(reader, before);
  t.deepEqual(template?.spec, podTemplateOf(reader)?.spec);
  t.deepEqual(object?.metadata, reader.metadata);
});

test('secret version – other annotations of the pod – are kept', (t) => {
  const annotated = structuredClone(reader) as unknown as {
    spec: { template: { metadata: { annotations?: object } } };
  };
  annotated.spec.template.metadata.annotations = { 'example.org/a': 'b' };
  const [object] = withSecretVersions([annotated as never], [state('site', '42')]);
  t.deepEqual(object && podTemplateOf(object)?.metadata?.annotations, {
    'example.org/a': 'b',
    'whatsthecraic.run.place/secret-site': '42',
  });
});

test('secret version – a changed Secret – changes the pods that read it and no others', (t) => {
  const objects = [
    reader,
    deployment('two'),
    deployment('three', { env: [fromSecret('A', 'own')] }),
  ];
  const first = withSecretVersions(objects, [state('site', '1'), state('own', '5')]);
  const second = withSecretVersions(objects, [state('site', '2'), state('own', '5')]);
  const changed = first.filter(
    (each, index) => JSON.stringify(each) !== JSON.stringify(second[index]),
  );
  t.deepEqual(
    changed.map(({ metadata }) => metadata.name),
    ['one'],
  );
});

test('secret version – an optional Secret that does not exist – leaves no annotation', (t) => {
  const optional = deployment('one', { env: [fromSecret('A', 'site', true)] });
  t.deepEqual(withSecretVersions([optional], []), [optional]);
});

test('secret version – objects without pods – are left alone', (t) => {
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'one' }, spec: {} };
  t.deepEqual(withSecretVersions([service], [state('site', '1')]), [service]);
});
