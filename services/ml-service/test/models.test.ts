import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { signIn } from '../../platform/test/helpers/sign-in.ts';
import { until } from '../../platform/test/helpers/start.ts';
import { datasetOf } from '../src/model/dataset.ts';
import { train } from '../src/model/train.ts';
import { createFolderStore } from '../src/models/folder-store.ts';
import { decodeModel, encodeModel } from '../src/models/model-file.ts';
import { makeEvent, modelFolder, startMl, trainOnce } from './helpers/start-ml.ts';
import { makeWorld } from './helpers/world.ts';

const server = useDatabase(test);
const facts = {
  ...{ version: 'v', commit: null, trainedAt: '2026-01-01T00:00:00.000Z' },
  ...{ dataFrom: '2026-01-01T00:00:00.000Z', dataTo: '2026-01-01T00:00:00.000Z' },
};
const world = makeWorld({ seed: 2, people: 20, weeks: 6, eventsPerWeek: 10 });
const model = train(datasetOf(world, world.end), { epochs: 1 });
const file = encodeModel(model, facts);

test('model file – written and read – is the same model', (t) => {
  const read = decodeModel(file);

  t.deepEqual(read.facts, facts);
  t.deepEqual(read.model, model);
});

test('model file – any bit flipped, cut off anywhere, anything behind it – is refused as unreadable', (t) => {
  fc.assert(
    fc.property(fc.nat(file.length - 1), fc.nat(7), (at, bit) => {
      const flipped = Buffer.from(file);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
      t.throws(() => decodeModel(flipped), { code: 'MODEL_UNREADABLE' });
      t.throws(() => decodeModel(file.subarray(0, at)), { code: 'MODEL_UNREADABLE' });
    }),
    { numRuns: 60 },
  );
  t.throws(() => decodeModel(Buffer.concat([file, Buffer.from('x')])), {
    code: 'MODEL_UNREADABLE',
  });
});

test('folder store – what a killed training left – is swept, and no name leads out of it', async (t) => {
  const folder = await modelFolder(t);
  await writeFile(join(folder, 'abc.part'), 'half');
  const store = createFolderStore(folder);
  await store.put('one', file);

  t.deepEqual(await readdir(folder), ['one.model']);
  t.deepEqual(Buffer.from((await store.get('one')) ?? ''), file);
  t.is(await store.get('two'), undefined);
  await t.throwsAsync(async () => store.get('../one'), { instanceOf: RangeError });
});

interface Health {
  readonly status: string;
  readonly dependencies: { readonly model: { readonly status: string; readonly detail?: string } };
}

test.serial(
  'model in trouble – cut off, gone, all gone – the one before, then popularity, said in /health, and back',
  async (t) => {
    const folder = await modelFolder(t);
    const person = await signIn(server());
    const event = await makeEvent(server(), 'jazz', { genre: 'jazz' });
    await makeEvent(server(), 'more jazz', { genre: 'jazz' });
    await server().insert('event_saves', { user_id: person.id, event_id: event });
    const one = await trainOnce(server(), folder);
    const two = await trainOnce(server(), folder, () => new Date(Date.now() + 1_000));
    const path = (version: string) => join(folder, `${version}.model`);
    const whole = await readFile(path(two.version));
    const serving = async () => {
      const { list, get } = await startMl(t, server(), folder);
      const health = async () => (await (await get('/health')).json()) as Health;
      const { modelVersion, recommendations } = await list(person.headers);
      t.is(recommendations[0]?.event.title, 'more jazz');
      return { modelVersion, health };
    };

    await truncate(path(two.version), whole.length - 40);
    const first = await serving();
    t.is(first.modelVersion, one.version);
    await until(async () => (await first.health()).status === 'degraded', 30_000);
    const { detail = '' } = (await first.health()).dependencies.model;
    t.true(detail.includes(two.version) && detail.includes(one.version), detail);

    await rm(folder, { recursive: true });
    await mkdir(folder);
    t.is((await serving()).modelVersion, 'popularity');
    await writeFile(path(two.version), whole);
    const back = await serving();
    t.is(back.modelVersion, two.version);
    t.is((await back.health()).status, 'ok');
  },
);
