import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Database, openDatabase } from '@whatsthecraic/platform/database';
import test, { type ExecutionContext } from 'ava';
import type { RowDataPacket } from 'mysql2/promise';
import { makeSmallDisk } from '../../../test/helpers/small-disk.ts';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { silentLog } from '../../platform/test/helpers/service.ts';
import { signIn } from '../../platform/test/helpers/sign-in.ts';
import { createFolderStore } from '../src/models/folder-store.ts';
import { isDue } from '../src/training/is-due.ts';
import { runTraining } from '../src/training/run-training.ts';
import { makeEvent, modelFolder, startMl, trainOnce } from './helpers/start-ml.ts';
import { trainingEnvironment } from './helpers/training-environment.ts';

const server = useDatabase(test);
const run = promisify(execFile);
const command = fileURLToPath(new URL('../src/train.ts', import.meta.url));
const YEAR_MS = 365 * 86_400_000;

test.afterEach.always(async () => {
  const { admin } = server();
  for (const table of ['model_service', 'model_versions', 'feedback', 'event_saves', 'events']) {
    await admin.query('DELETE FROM ??', [table]);
  }
});

/** Somebody who likes jazz, and more of it to come. */
async function jazzLover() {
  const person = await signIn(server());
  const event_id = await makeEvent(server(), 'jazz', { genre: 'jazz' });
  await makeEvent(server(), 'more jazz', { genre: 'jazz' });
  await makeEvent(server(), 'techno', { genre: 'techno' });
  await server().insert('event_saves', { user_id: person.id, event_id });
  return person;
}

async function versions(): Promise<number> {
  const [rows] = await server().admin.query<RowDataPacket[]>(
    'SELECT COUNT(*) AS n FROM model_versions',
  );
  return Number(rows[0]?.n);
}

function open(t: ExecutionContext): Database {
  const log = silentLog('test');
  const database = openDatabase({ config: server().config, log, connections: 2 });
  t.teardown(() => database.close());
  return database;
}

test.serial(
  'full disk – a training – says so and changes nothing; what serves stays; with room the next one trains',
  async (t) => {
    const person = await jazzLover();
    const disk = await makeSmallDisk(await modelFolder(t), 1);
    t.teardown(() => disk.remove());
    const one = await trainOnce(server(), disk.folder);
    const { list, get } = await startMl(t, server(), disk.folder);
    const names = (await readdir(disk.folder)).toSorted();
    await disk.fill();

    await t.throwsAsync(trainOnce(server(), disk.folder), { code: 'ENOSPC' });
    t.is(await versions(), 1);
    t.is((await list(person.headers)).modelVersion, one.version);
    t.is((await get('/health')).status, 200);
    await disk.empty();
    t.deepEqual((await readdir(disk.folder)).toSorted(), names, 'no parts');
    const two = await trainOnce(server(), disk.folder, () => new Date(Date.now() + 1_000));
    t.not(two.version, one.version);
  },
);

test.serial(
  'database gone – in the middle of a training – it ends; what serves stays; the next one trains',
  async (t) => {
    const person = await jazzLover();
    const folder = await modelFolder(t);
    const one = await trainOnce(server(), folder);
    const { list } = await startMl(t, server(), folder);
    let passes = 0;
    const training = runTraining({
      ...{ database: open(t), store: createFolderStore(folder), log: silentLog('training') },
      ...{ commit: null, now: () => new Date(Date.now() + 1_000) },
      mayGoOn: async () => {
        passes += 1;
        if (passes === 3) await server().stop();
      },
    });
    await t.throwsAsync(training, { code: 'database_unavailable' });
    await server().start();

    t.is(await versions(), 1);
    t.is((await list(person.headers)).modelVersion, one.version);
    const two = await trainOnce(server(), folder, () => new Date(Date.now() + 2_000));
    t.true(two.accepted);
  },
);

test.serial(
  'clock – ten years ahead, ten back, and right again – answers with true numbers, and trains again',
  async (t) => {
    const person = await jazzLover();
    const folder = await modelFolder(t);
    const database = open(t);
    for (const years of [10, -10, 100]) {
      const now = () => new Date(Date.now() + years * YEAR_MS);
      const { version } = await trainOnce(server(), folder, now);
      t.regex(version, /^\d{8}T/);
      const wrong = await startMl(t, server(), folder, now);
      // To it all sessions have ended, and all events are over or far away.
      t.deepEqual((await wrong.list({}, { limit: 5 })).recommendations, []);
      const right = await startMl(t, server(), folder);
      const { modelVersion, recommendations } = await right.list(person.headers, { limit: 5 });
      t.is(modelVersion, version, 'what is in service does not depend on the clock');
      t.is(recommendations.length, 2);
      t.true(recommendations.every(({ score }) => score > 0 && score < 1));
      t.truthy(await isDue(database, new Date()), 'trained in another time');
    }

    const { version } = await trainOnce(server(), folder);
    t.is(await isDue(database, new Date()), undefined, 'and not again and again');
    const { list } = await startMl(t, server(), folder);
    const own = await list(person.headers, { limit: 5 });
    t.is(own.modelVersion, version);
    t.is(own.recommendations[0]?.event.title, 'more jazz');
  },
);

test.serial(
  '7.E-9 – a training in its own process – every list meanwhile is answered, by the model that serves',
  async (t) => {
    const person = await jazzLover();
    const folder = await modelFolder(t);
    const one = await trainOnce(server(), folder);
    const { list } = await startMl(t, server(), folder);
    const env = trainingEnvironment(server(), folder);
    let isDone = false;
    const training = run(process.execPath, ['--conditions=source', command, '--now'], {
      env,
      timeout: 60_000,
    }).finally(() => {
      isDone = true;
    });
    const seen = new Map<string, number>();
    while (!isDone) {
      const { modelVersion } = await list(person.headers, { limit: 5 });
      seen.set(modelVersion, (seen.get(modelVersion) ?? 0) + 1);
    }
    await training;
    t.true((seen.get(one.version) ?? 0) > 5, JSON.stringify([...seen]));
    t.false(seen.has('popularity'));
    t.is(await versions(), 2);
  },
);

test.serial(
  'training – asked for by an admin, then a day later – is due, done once, due again',
  async (t) => {
    const person = await jazzLover();
    const folder = await modelFolder(t);
    const database = open(t);
    t.is(await isDue(database, new Date()), 'first');
    await trainOnce(server(), folder);
    t.is(await isDue(database, new Date()), undefined);

    const admin = await signIn(server(), 'admin');
    const { call } = await startMl(t, server(), folder);
    t.is((await call('POST', '/v1/models/train', admin.headers)).status, 202);
    t.is(await isDue(database, new Date()), 'requested');
    const { version } = await trainOnce(server(), folder, () => new Date(Date.now() + 1_000));
    const [rows] = await server().admin.query<RowDataPacket[]>(
      'SELECT outcome FROM training_requests ORDER BY id DESC LIMIT 1',
    );
    t.true(String(rows[0]?.outcome).startsWith(version));
    const tomorrow = new Date(Date.now() + 86_400_000);
    t.is(await isDue(database, tomorrow), undefined, 'nobody did anything since');
    const hide = { user_id: person.id, event_id: await makeEvent(server(), 'new') };
    await server().insert('event_hides', { ...hide, hidden_at: new Date(Date.now() + 3_600_000) });
    t.is(await isDue(database, tomorrow), 'daily');
  },
);
