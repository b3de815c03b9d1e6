import { readFile, writeFile } from 'node:fs/promises';
import test from 'ava';
import type { RowDataPacket } from 'mysql2/promise';
import { temporaryDatabase } from '../../../test/helpers/temporary-database.ts';
import { readMigrations } from '../src/migration-files.ts';
import { migrateUp } from '../src/migrator.ts';
import { schemaOf } from './helpers/schema-of.ts';

const snapshot = new URL('../schema.sql', import.meta.url);

test('schema – all migrations on two empty databases – is twice the committed one', async (t) => {
  const { create } = await temporaryDatabase(t);
  const migrations = await readMigrations();
  const schemas: string[] = [];
  for (const name of ['first', 'second']) {
    const connection = await (await create(name)).connect();
    await migrateUp(connection, { migrations });
    t.is(await migrateUp(connection, { migrations }), 0);
    schemas.push(await schemaOf(connection));
  }
  if (process.env.UPDATE_SCHEMA === '1') await writeFile(snapshot, schemas[0] ?? '');

  const committed = await readFile(snapshot, 'utf8').catch(() => '');
  t.is(schemas[0], committed, 'run with UPDATE_SCHEMA=1 and review the difference');
  t.is(schemas[1], schemas[0]);
});

test('schema – rows that make no sense – are refused by the database', async (t) => {
  const connection = await (await (await temporaryDatabase(t)).create('gigs')).connect();
  await migrateUp(connection, { migrations: await readMigrations() });
  const refused = (sql: string, message: RegExp) =>
    t.throwsAsync(connection.query(sql), { message });
  const user = (email: string, role = 'user') =>
    `INSERT INTO users (email, name, password_hash, role) VALUES ('${email}', 'X', '$argon2id$x', '${role}')`;
  const event = (columns: string, values: string) =>
    `INSERT INTO events (uid, title, starts_at, city${columns}) VALUES ('u', 'T', '2030-01-01 20:00', ${values})`;

  await connection.query(user('a@x.example'));
  await refused(user('a@x.example'), /uq_users_email/);
  await refused(user('B@x.example'), /ck_users_email/);
  await refused(user('c@x.example', 'root'), /ck_users_role/);
  await refused(event('', "'Atlantis'"), /fk_events_city/);
  await refused(event(', ends_at', "'Cork', '2030-01-01 19:00'"), /ck_events_ends_at/);
  await refused(event(', price_min_minor, price_max_minor', "'Cork', 2, 1"), /ck_events_price/);
  await refused(event(', ticket_url', "'Cork', 'javascript:alert(1)'"), /ck_events_ticket_url/);
  await refused(event(', venue_id', "'Cork', 1"), /fk_events_venue/);
  await connection.query(event('', "'Cork'"));
  const [found] = await connection.query<RowDataPacket[]>(
    "SELECT 1 FROM events WHERE city = 'corK'",
  );
  t.is(found.length, 1);
  await connection.query(
    'INSERT INTO event_saves (user_id, event_id) SELECT u.id, e.id FROM users u, events e',
  );
  await connection.query('DELETE FROM users');
  const [saves] = await connection.query<RowDataPacket[]>('SELECT 1 FROM event_saves');
  t.is(saves.length, 0);
});
