import test from 'ava';
import { type KubernetesObject, objectKey } from '../../src/manifests/objects.ts';
import { lostData } from '../../src/plan/lost-data.ts';

const deployment = (volumes: readonly object[], mounts: readonly [string, string][]) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'ml-service' },
  spec: {
    template: {
      spec: {
        containers: [
          {
            name: 'a',
            image: 'a',
            volumeMounts: mounts.map(([name, mountPath]) => ({ name, mountPath })),
          },
        ],
        volumes,
      },
    },
  },
});
const warnings = (object: KubernetesObject, ...live: KubernetesObject[]) =>
  lostData([object], { live: new Map(live.map((it) => [objectKey(it), it])) });

test('emptyDir – models that pods have trained – are told to be lost when they roll', (t) => {
  const object = deployment(
    [
      { name: 'models', emptyDir: {} },
      { name: 'data', emptyDir: {} },
      { name: 'tmp', emptyDir: {} },
    ],
    [
      ['models', '/app/models'],
      ['data', '/app/data'],
      ['tmp', '/tmp'],
    ],
  );
  const [found, ...others] = warnings(object, object);
  t.deepEqual(others, []);
  t.is(found?.code, 'DATA_LOST');
  t.regex(found?.message ?? '', /^Deployment ml-service: .* \/app\/data and \/app\/models is lost/);
});

test('emptyDir – scratch alone, a volume that lasts, or no Deployment yet – loses nothing', (t) => {
  const scratch = deployment(
    [{ name: 'tmp', emptyDir: {} }],
    [
      ['tmp', '/tmp/x'],
      ['tmp', '/var/tmp'],
    ],
  );
  t.deepEqual(warnings(scratch, scratch), []);
  const claimed = deployment([{ name: 'm', persistentVolumeClaim: {} }], [['m', '/app/models']]);
  t.deepEqual(warnings(claimed, claimed), []);
  t.deepEqual(warnings(deployment([{ name: 'm', emptyDir: {} }], [['m', '/app']])), []);
});
