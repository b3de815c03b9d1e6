import test from 'ava';
import { secretUses } from '../../ci/src/manifests/secrets.ts';
import { services } from '../../ci/src/services.ts';
import { containerOf, ofKind } from './helpers/objects.ts';
import { rendered } from './helpers/rendered.ts';

const objects = await rendered('production');

test('7.A-24 secrets – each key – goes to the services that use it and to no other', (t) => {
  const withDatabase = [
    'auth-service',
    'dj-service',
    'events-service',
    'ml-service',
    'venue-service',
  ];
  const [use, ...others] = secretUses(objects);
  t.deepEqual(others, []);
  t.is(use?.name, 'whatsthecraic-secrets');
  t.deepEqual(Object.fromEntries(use?.keys ?? []), {
    DB_HOST: [...withDatabase, 'database', 'alerts', 'ingest', 'ml-training'],
    DB_USER: [...withDatabase, 'database', 'alerts', 'ingest', 'ml-training'],
    DB_PASSWORD: [...withDatabase, 'database', 'alerts', 'ingest', 'ml-training'],
    JWT_SECRET: ['auth-service', 'dj-service', 'events-service', 'ml-service', 'venue-service'],
  });
});

test('DB_PORT – a Secret without it – leaves the common configuration in force', (t) => {
  for (const deployment of ofKind(objects, 'Deployment')) {
    const port = containerOf(deployment).env?.find(({ name }) => name === 'DB_PORT');
    if (port) t.true(port.valueFrom?.secretKeyRef?.optional, deployment.metadata.name);
  }
  t.is(config('common').DB_PORT, '3306');
});

test('common configuration – all pods – names port, log level, heap and database', (t) => {
  t.deepEqual(config('common'), {
    DB_NAME: 'gigsdb',
    DB_PORT: '3306',
    LOG_LEVEL: 'info',
    METRICS_PORT: '9464',
    NODE_OPTIONS: '--max-old-space-size-percentage=50 --max-semi-space-size=4',
  });
});

test('ml-service – its own configuration – comes behind the common one, with a larger young heap', (t) => {
  t.is(
    config('ml-service').NODE_OPTIONS,
    '--max-old-space-size-percentage=50 --max-semi-space-size=16',
  );
  const [ml] = ofKind(objects, 'Deployment').filter((it) => it.metadata.name === 'ml-service');
  const names = ml && containerOf(ml).envFrom?.map(({ configMapRef }) => configMapRef?.name ?? '');
  t.deepEqual(
    names?.map((name) => name.replace(/-config-.*/, '')),
    ['common', 'ml-service'],
  );
});

test('aggregator – the other five – are asked at the names and ports of their Services', (t) => {
  const expected: Record<string, string> = { PORT: '4000' };
  for (const { name, port } of services) {
    if (name === 'aggregator') continue;
    expected[`${name.toUpperCase().replace('-', '_')}_URL`] = `http://${name}:${port}`;
  }
  t.deepEqual(config('aggregator'), expected);
});

function config(name: string): Readonly<Record<string, string>> {
  const found = ofKind(objects, 'ConfigMap').find((map) =>
    map.metadata.name.startsWith(`${name}-config-`),
  );
  if (!found) throw new Error(`no ConfigMap ${name}-config`);
  return found.data;
}
