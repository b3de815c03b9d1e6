import { fileURLToPath } from 'node:url';
import { verifyPassword } from '@whatsthecraic/platform/password';
import test from 'ava';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { tryRun } from '../../../local/run.ts';
import { temporaryDatabase } from '../../../test/helpers/temporary-database.ts';
import { readMigrations } from '../src/migration-files.ts';
import { migrateUp } from '../src/migrator.ts';
import { dublinTime } from '../src/seed/dublin-time.ts';
import { makeSeedData } from '../src/seed/make-data.ts';
import { sow } from '../src/seed/sow.ts';

const HASH = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$dGFn';

async function count(connection: Connection, table: string): Promise<number> {
  const [rows] = await connection.query<RowDataPacket[]>(`SELECT COUNT(*) AS n FROM ${table}`);
  return Number(rows[0]?.n);
}

test('seed – made twice for one day – is the same data, all of it ahead', (t) => {
  const now = new Date('2026-11-23T12:00:00Z');
  const data = makeSeedData(now);

  t.deepEqual(makeSeedData(now), data);
  t.true(data.events.every(({ startsAt }) => startsAt > now));
  t.true(new Set(data.events.map(({ city }) => city)).size >= 8);
  t.is(new Set(data.djs.map(({ slug }) => slug)).size, data.djs.length);
  t.is(new Set(data.venues.map(({ slug }) => slug)).size, data.venues.length);
});

test('dublin-time – across a change of clocks – keeps the hour on the wall', (t) => {
  const march = new Date('2027-03-26T12:00:00Z');
  t.is(dublinTime(march, 0, 20, 30).toISOString(), '2027-03-26T20:30:00.000Z');
  t.is(dublinTime(march, 3, 20, 30).toISOString(), '2027-03-29T19:30:00.000Z');
});

test('seed – sown twice – refreshes the same rows and keeps what others saved', async (t) => {
  const connection = await (await (await temporaryDatabase(t)).create('gigs')).connect();
  await migrateUp(connection, { migrations: await readMigrations() });
  const tables = [
    'venues',
    'djs',
    'events',
    'users',
    'event_saves',
    'event_genres',
    'event_places',
  ];
  const counts = async () => Promise.all(tables.map((table) => count(connection, table)));
  const first = makeSeedData(new Date('2026-11-23T12:00:00Z'));
  await sow(connection, first, HASH);
  const before = await counts();
  const eventAt = async () => {
    const [rows] = await connection.query<RowDataPacket[]>(
      'SELECT id, starts_at FROM events ORDER BY id LIMIT 1',
    );
    return rows[0] as { id: number; starts_at: Date };
  };
  t.is(before.at(-1), first.events.length, 'each event has its place');
  const event = await eventAt();

  await sow(connection, makeSeedData(new Date('2026-11-24T12:00:00Z')), HASH);

  t.deepEqual(await counts(), before);
  const moved = await eventAt();
  t.is(moved.id, event.id);
  t.is(moved.starts_at.getTime() - event.starts_at.getTime(), 86_400_000);
});

test('seed – the command – needs migrations, then sets a password that opens the demo account', async (t) => {
  const database = await (await temporaryDatabase(t)).create('gigs');
  const program = fileURLToPath(new URL('../src/seed.ts', import.meta.url));
  const env = { ...database.env(), DEMO_PASSWORD: 'ceol-agus-craic' };
  const seed = () =>
    tryRun([process.execPath, '--conditions=source', program], { env, timeoutMs: 30_000 });

  t.regex((await seed()).stderr, /run `migrate up` first/);
  const connection = await database.connect();
  await migrateUp(connection, { migrations: await readMigrations() });
  t.is((await seed()).exitCode, 0);

  const [rows] = await connection.query<RowDataPacket[]>(
    "SELECT password_hash AS hash FROM users WHERE email = 'demo@whatsthecraic.example'",
  );
  t.true(await verifyPassword(String(rows[0]?.hash), 'ceol-agus-craic'));

  await connection.query(
    "INSERT INTO users (email, name, password_hash) VALUES ('a@b.example', 'A', ?)",
    [HASH],
  );
  const refused = await seed();
  t.is(refused.exitCode, 1);
  t.regex(refused.stderr, /holds 1 accounts/);
});
