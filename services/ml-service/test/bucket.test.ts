import { ConfigError } from '@whatsthecraic/platform/config';
import { Secret } from '@whatsthecraic/platform/secret';
import test from 'ava';
import type { RowDataPacket } from 'mysql2/promise';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { signIn } from '../../platform/test/helpers/sign-in.ts';
import { until } from '../../platform/test/helpers/start.ts';
import { createBucketStore } from '../src/models/bucket-store.ts';
import { openModelStore } from '../src/models/open-store.ts';
import { type Fault, startBucket } from './helpers/bucket.ts';
import { modelsIn } from './helpers/places.ts';
import { makeEvent, startMl, trainOnce } from './helpers/start-ml.ts';

const server = useDatabase(test);
const file = Buffer.from('a model, more or less'.repeat(1_000));

test('bucket – written, read, removed – the same bytes below its folder, none of another name', async (t) => {
  const bucket = await startBucket(t);
  const store = createBucketStore(bucket.settings);
  await store.put('one', file);

  t.deepEqual([...bucket.objects.keys()], ['/models/site/one.model']);
  t.deepEqual(Buffer.from((await store.get('one')) ?? ''), file);
  t.is(await store.get('two'), undefined);
  await store.remove('one');
  await store.remove('one');
  t.is(await store.get('one'), undefined);
  await t.throwsAsync(async () => store.get('../one'), { instanceOf: RangeError });
});

for (const [fault, said] of [
  ['busy', /SlowDown/],
  ['failing', /InternalError/],
  ['full', /XMinioStorageFull/],
  ['forbids', /AccessDenied/],
  ['silent', /.+/],
  ['resets', /.+/],
  ['breaks off', /.+/],
  ['drips', /.+/],
] as const satisfies [Fault, RegExp][]) {
  test(`bucket – that ${fault} – is an error that names it, never a model that is not there`, async (t) => {
    t.timeout(60_000);
    const bucket = await startBucket(t);
    await createBucketStore(bucket.settings).put('one', file);
    const limitMs = fault === 'silent' || fault === 'drips' ? 1_500 : 20_000;
    const store = createBucketStore(bucket.settings, { readMs: limitMs, writeMs: limitMs });
    bucket.fault = fault;
    const expected = { code: 'STORE_UNAVAILABLE', message: said };
    const began = performance.now();
    const error = await t.throwsAsync(store.get('one'), expected);
    t.true(error?.message.startsWith('the bucket models/site does not answer as it should: '));
    const isOfReading = fault === 'breaks off' || fault === 'drips';
    if (!isOfReading) await t.throwsAsync(store.put('two', file), expected);
    t.true(performance.now() - began < 3 * limitMs);

    bucket.fault = undefined;
    const calm = createBucketStore(bucket.settings);
    t.deepEqual(Buffer.from((await calm.get('one')) ?? ''), file);
    // A put whose answer was lost may have come through, but then as a whole.
    t.true([undefined, file.length].includes((await calm.get('two'))?.length));
  });
}

test('bucket – busy once, failing once, reset once – is asked again', async (t) => {
  const bucket = await startBucket(t);
  const store = createBucketStore(bucket.settings);
  await store.put('one', file);
  for (const fault of ['busy', 'failing', 'resets'] as const) {
    Object.assign(bucket, { fault, times: 1 });
    t.is((await store.get('one'))?.length, file.length, fault);
  }
});

test('bucket – wrong secret, unknown key, another bucket – S3’s own word, no secret in it', async (t) => {
  const { settings } = await startBucket(t);
  for (const [wrong, said] of [
    [{ secretAccessKey: new Secret('not-the-secret') }, /SignatureDoesNotMatch/],
    [{ accessKeyId: 'AKIAOTHER' }, /InvalidAccessKeyId/],
    [{ name: 'others' }, /NoSuchBucket/],
  ] as const) {
    const error = await t.throwsAsync(createBucketStore({ ...settings, ...wrong }).get('one'), {
      message: said,
    });
    t.false(error?.message.includes('not-the-secret'));
  }
});

test('bucket – set without its key – is a setting that is missing, said at start', async (t) => {
  const { settings } = await startBucket(t);
  for (const missing of ['accessKeyId', 'secretAccessKey'] as const) {
    const { bucket, folder } = modelsIn(settings);
    t.throws(() => openModelStore({ folder, bucket: { ...bucket, [missing]: null } }), {
      instanceOf: ConfigError,
      message: /MODEL_BUCKET_(KEY_ID|SECRET) is not set; MODEL_BUCKET=models\/site needs it/,
    });
  }
});

interface Health {
  readonly status: string;
  readonly dependencies: { readonly model: { readonly status: string; readonly detail?: string } };
}

test.serial(
  'models in a bucket – a fresh pod, damage, the bucket away, back – seconds, the one before, said in /health',
  async (t) => {
    t.timeout(60_000);
    const bucket = await startBucket(t);
    const person = await signIn(server());
    const event = await makeEvent(server(), 'jazz', { genre: 'jazz' });
    await makeEvent(server(), 'more jazz', { genre: 'jazz' });
    await server().insert('event_saves', { user_id: person.id, event_id: event });
    const one = await trainOnce(server(), bucket.settings);
    const two = await trainOnce(server(), bucket.settings, () => new Date(Date.now() + 1_000));
    const key = `/models/site/${two.version}.model`;
    const whole = bucket.objects.get(key) ?? Buffer.alloc(0);
    const serving = async () => {
      const began = performance.now();
      const { list, get } = await startMl(t, server(), bucket.settings);
      const health = async () => (await (await get('/health')).json()) as Health;
      const { modelVersion } = await list(person.headers);
      return { modelVersion, health, list, seconds: (performance.now() - began) / 1_000 };
    };

    const fresh = await serving();
    t.is(fresh.modelVersion, two.version);
    t.true(fresh.seconds < 10, `${fresh.seconds}`);

    const flipped = Buffer.from(whole);
    flipped[200] = (flipped[200] ?? 0) ^ 1;
    for (const damaged of [flipped, whole.subarray(0, 400)]) {
      bucket.objects.set(key, damaged);
      const pod = await serving();
      t.is(pod.modelVersion, one.version);
      await until(async () => (await pod.health()).status === 'degraded', 30_000);
    }
    bucket.objects.set(key, whole);

    bucket.fault = 'forbids';
    const away = await serving();
    t.is(away.modelVersion, 'popularity');
    await until(async () => (await away.health()).status === 'degraded', 30_000);
    t.regex((await away.health()).dependencies.model.detail ?? '', /AccessDenied/);
    t.is((await fresh.list(person.headers)).modelVersion, two.version, 'memory needs no bucket');
    bucket.fault = undefined;
    await until(async () => (await away.list(person.headers)).modelVersion === two.version, 30_000);
  },
);

test.serial('training – with the bucket full – fails by name and changes nothing', async (t) => {
  const bucket = await startBucket(t);
  const person = await signIn(server());
  const event = await makeEvent(server(), 'folk', { genre: 'folk' });
  await server().insert('event_saves', { user_id: person.id, event_id: event });
  const count = async () => {
    const [rows] = await server().admin.query<RowDataPacket[]>(
      'SELECT (SELECT COUNT(*) FROM model_versions) + (SELECT COUNT(*) FROM model_service) AS n',
    );
    return Number(rows[0]?.n);
  };
  const before = await count();
  bucket.fault = 'full';

  await t.throwsAsync(trainOnce(server(), bucket.settings), { message: /XMinioStorageFull/ });
  t.is(await count(), before);
  t.is(bucket.objects.size, 0);
});
