import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectTo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import type { RowDataPacket } from 'mysql2/promise';
import { freePort } from '../../../ci/test/registry/docker-registry.ts';
import { tryRun } from '../../../local/run.ts';
import { temporaryDatabase } from '../../../test/helpers/temporary-database.ts';
import { createHistory, writeProgress } from '../src/history.ts';
import { parseMigration } from '../src/migration-files.ts';
import { checkMigrations, migrateUp } from '../src/migrator.ts';
import { expanding } from './helpers/expanding.ts';

const source = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const program = (path: string, ...args: string[]) => [
  process.execPath,
  '--conditions=source',
  source(path),
  ...args,
];
const migrate = (env: NodeJS.ProcessEnv, ...args: string[]) =>
  tryRun(program('src/migrate.ts', ...args), { env, timeoutMs: 30_000 });

test('migrate – up, check and status in turn – answer with their exit codes', async (t) => {
  const env = (await (await temporaryDatabase(t)).create('gigs')).env();

  t.is((await migrate(env, 'check')).exitCode, 3);
  t.is((await migrate(env, 'up')).exitCode, 0);
  const again = await migrate(env, 'up');
  t.regex(again.stdout, /^up to date: \d+ migrations\n$/);
  t.is((await migrate(env, 'check')).exitCode, 0);
  t.notRegex((await migrate(env, 'status')).stdout, /pending/);
  t.is((await migrate(env, 'sideways')).exitCode, 2);
});

test('migrate – two runs at once – do the work once', async (t) => {
  const database = await (await temporaryDatabase(t)).create('gigs');

  const runs = await Promise.all([migrate(database.env(), 'up'), migrate(database.env(), 'up')]);

  t.deepEqual(
    runs.map(({ exitCode }) => exitCode),
    [0, 0],
  );
  const lines = runs
    .flatMap(({ stdout }) => stdout.split('\n'))
    .filter((line) => line.startsWith('applied'));
  t.is(new Set(lines.map((line) => line.split(' ')[1])).size, lines.length);
  const [rows] = await (await database.connect()).query<RowDataPacket[]>(
    'SELECT id FROM schema_migrations',
  );
  t.is(rows.length, lines.length);
});

test('migrate – a database that is away or shut – is told in one message with the cure', async (t) => {
  const env = (await (await temporaryDatabase(t)).create('gigs')).env();

  const denied = await migrate({ ...env, DB_PASSWORD: 'wrong-password' }, 'up');
  const away = await migrate({ ...env, DB_PORT: '1' }, 'up');

  t.is(denied.exitCode, 1);
  t.regex(denied.stderr, /access is denied: correct DB_USER and DB_PASSWORD/);
  t.notRegex(denied.stderr, /wrong-password|\n\s+at /);
  t.is(away.exitCode, 1);
  t.regex(away.stderr, /nothing listens there/);
});

test('migrate – a database that comes a moment later – is waited for, but no wrong password', async (t) => {
  const { create } = await temporaryDatabase(t);
  const env = (await create('gigs')).env();
  const relay = createServer((client) => {
    const server = connectTo(Number(env.DB_PORT), env.DB_HOST);
    client.pipe(server).pipe(client);
    for (const socket of [client, server]) socket.on('error', () => socket.destroy());
  });
  const port = await freePort();
  const late = { ...env, DB_HOST: '127.0.0.1', DB_PORT: String(port) };
  const coming = migrate(late, 'up', '--patience=15');
  await sleep(1_500);
  relay.listen(port, '127.0.0.1');
  t.teardown(() => relay.close());
  t.is((await coming).exitCode, 0);

  const denied = await migrate({ ...env, DB_PASSWORD: 'wrong' }, 'up', '--patience=15');
  t.regex(denied.stderr, /access is denied/);
  t.is((await migrate(env, 'up', '--patience=soon')).exitCode, 2);
});

test('migration file – its first line – says whether it expands or contracts, and counts for nothing else', (t) => {
  const one = expanding('001-one.sql', 'CREATE TABLE one (id INT);', 1);
  const other = parseMigration('001-one.sql', '-- contract\r\nCREATE TABLE one (id INT);\r\n', 1);
  t.is(one.kind, 'expand');
  t.is(other.kind, 'contract');
  t.is(other.checksum, expanding('001-one.sql', 'CREATE TABLE one (id INT);\n', 1).checksum);
  for (const text of [
    'CREATE TABLE one (id INT);',
    '-- grows\nSELECT 1;',
    ' -- expand\nSELECT 1;',
  ]) {
    t.throws(() => parseMigration('001-one.sql', text, 1), {
      code: 'MIGRATION_FILES_INVALID',
      message: /expected -- expand or -- contract as its first line/,
    });
  }
});

test('migrate – a user of its own – is taken in place of the services’', async (t) => {
  const database = await (await temporaryDatabase(t)).create('gigs');
  const app = database.env('app');
  const { DB_USER, DB_PASSWORD } = database.env('migrate');
  const refused = await migrate(app, 'up');
  t.is(refused.exitCode, 1);
  const both = { ...app, DB_MIGRATE_USER: DB_USER, DB_MIGRATE_PASSWORD: DB_PASSWORD };
  t.is((await migrate(both, 'up')).exitCode, 0);
});

test('migrate – files that contradict the database – are refused by name', async (t) => {
  const connection = await (await (await temporaryDatabase(t)).create('gigs')).connect();
  const one = expanding('001-one.sql', 'CREATE TABLE one (id INT);', 1);
  const two = expanding('002-two.sql', 'CREATE TABLE two (id INT);', 2);
  await migrateUp(connection, { migrations: [one, two] });
  const changed = expanding('001-one.sql', 'CREATE TABLE one (id BIGINT);', 1);

  const error = await t.throwsAsync(migrateUp(connection, { migrations: [changed, two] }), {
    code: 'MIGRATION_CHANGED',
  });
  t.regex(error?.message ?? '', /001-one/);
  await t.throwsAsync(migrateUp(connection, { migrations: [one] }), { code: 'MIGRATION_MISSING' });
  await connection.query('DELETE FROM schema_migrations WHERE id = 1');
  await t.throwsAsync(checkMigrations(connection, [one, two]), { code: 'MIGRATION_OUT_OF_ORDER' });
});

test('migrate – a statement that fails – leaves what was done, and the mended file continues', async (t) => {
  const connection = await (await (await temporaryDatabase(t)).create('gigs')).connect();
  const start = 'CREATE TABLE one (id INT PRIMARY KEY);\nINSERT INTO one VALUES (1);\n';
  const bad = expanding('001-one.sql', `${start}INSERT INTO one VALUES (2), (1);`, 1);
  const mended = expanding('001-one.sql', `${start}INSERT INTO one VALUES (2);`, 1);

  const error = await t.throwsAsync(migrateUp(connection, { migrations: [bad] }), {
    code: 'MIGRATION_FAILED',
  });
  t.regex(error?.message ?? '', /statement 3 of 3 failed: Duplicate entry/);
  t.is((await checkMigrations(connection, [bad])).done, 2);
  const restarted = expanding(
    '001-one.sql',
    'CREATE TABLE other (id INT);\nSELECT 1;\nSELECT 2;',
    1,
  );
  await t.throwsAsync(migrateUp(connection, { migrations: [restarted] }), {
    code: 'MIGRATION_CHANGED',
  });

  t.is(await migrateUp(connection, { migrations: [mended] }), 1);
  const [rows] = await connection.query<RowDataPacket[]>('SELECT id FROM one');
  t.is(rows.length, 2);
});

const slow = (middle: string) =>
  expanding(
    '001-slow.sql',
    `CREATE TABLE one (id INT);\n${middle};\nCREATE TABLE two (id INT);`,
    1,
  );

async function killInside(
  env: NodeJS.ProcessEnv,
  middle: string,
  isInside: () => Promise<boolean>,
) {
  const child = spawn(
    process.execPath,
    ['--conditions=source', source('test/helpers/migrate-slowly.ts')],
    {
      env: { ...env, MIGRATION: middle },
      stdio: 'ignore',
    },
  );
  const ended = once(child, 'exit');
  const deadline = Date.now() + 20_000;
  while (!(await isInside()) && Date.now() < deadline) await sleep(20);
  child.kill('SIGKILL');
  await ended;
}

test('migrate – kill -9 inside a statement nobody can judge – is explained, then continues as told', async (t) => {
  const database = await (await temporaryDatabase(t)).create('gigs');
  const connection = await database.connect();
  await killInside(database.env(), 'DO SLEEP(2)', () => isRunning(2));

  const migrations = [slow('DO SLEEP(2)')];
  const error = await t.throwsAsync(migrateUp(connection, { migrations }), {
    code: 'MIGRATION_INTERRUPTED',
  });
  t.regex(error?.message ?? '', /statement 2 of 3:.*--interrupted=done/s);
  t.is(await migrateUp(connection, { migrations, interrupted: 'done' }), 1);
  const [rows] = await connection.query<RowDataPacket[]>('SELECT name FROM schema_migrations');
  t.deepEqual(
    rows.map(({ name }) => name),
    ['slow'],
  );

  async function isRunning(statement: number): Promise<boolean> {
    const [found] = await connection
      .query<RowDataPacket[]>('SELECT 1 FROM schema_migration_progress WHERE running = ?', [
        statement,
      ])
      .catch(() => [[]]);
    return found.length > 0;
  }
});

test('migrate – kill -9 inside rows – takes them back and does them again', async (t) => {
  const database = await (await temporaryDatabase(t)).create('gigs');
  const connection = await database.connect();
  const middle = 'INSERT INTO one SELECT SLEEP(1)';
  await killInside(database.env(), middle, async () => {
    const [found] = await connection.query<RowDataPacket[]>(
      "SELECT 1 FROM information_schema.processlist WHERE info LIKE 'INSERT INTO one%'",
    );
    return found.length > 0;
  });

  t.is(await migrateUp(connection, { migrations: [slow(middle)] }), 1);
  const [rows] = await connection.query<RowDataPacket[]>('SELECT id FROM one');
  t.is(rows.length, 1);
});

test('migrate – cut off inside CREATE TABLE – sees by itself whether the table was made', async (t) => {
  const { create } = await temporaryDatabase(t);
  const migration = expanding('001-one.sql', 'CREATE TABLE one (id INT);', 1);
  for (const wasMade of [true, false]) {
    const connection = await (await create(wasMade ? 'made' : 'unmade')).connect();
    await createHistory(connection);
    await writeProgress(connection, migration, 0, 1);
    if (wasMade) await connection.query('CREATE TABLE one (id INT)');

    t.is(await migrateUp(connection, { migrations: [migration] }), 1);
    await t.notThrowsAsync(connection.query('SELECT id FROM one'));
  }
});
