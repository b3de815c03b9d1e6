import test from 'ava';
import { z } from 'zod';
import { type Database, type DatabaseOptions, openDatabase } from '../src/database.ts';
import { databaseDependency } from '../src/database-check.ts';
import { isDuplicateKey } from '../src/database-errors.ts';
import { createLog } from '../src/log.ts';
import { createMetrics } from '../src/metrics.ts';
import { Secret } from '../src/secret.ts';
import { useDatabase } from './helpers/database.ts';

const server = useDatabase(test);
const log = createLog({ service: 'test', level: 'silent' });
const anything = z.looseObject({});

function open(
  t: { teardown(undo: () => Promise<void>): void },
  options: Partial<DatabaseOptions> = {},
): Database {
  const database = openDatabase({ config: server().config, log, ...options });
  t.teardown(() => database.close());
  return database;
}

test('database – a query – has typed rows, UTC times and a limit set on the server', async (t) => {
  const database = open(t);
  const row = z.object({
    n: z.number(),
    at: z.date(),
    price: z.number(),
    zone: z.string(),
    max: z.number(),
  });

  const [found] = await database.query(
    `SELECT ? AS n, CAST('2026-07-01 20:00:00' AS DATETIME) AS at, CAST(12.50 AS DECIMAL(6,2)) AS price,
      @@session.time_zone AS zone, @@session.max_statement_time AS max`,
    [5],
    row,
  );

  t.deepEqual(found, {
    n: 5,
    at: new Date('2026-07-01T20:00:00Z'),
    price: 12.5,
    zone: '+00:00',
    max: 2,
  });
});

test('database – a row that is not as expected – is an error of ours, not a value', async (t) => {
  await t.throwsAsync(open(t).query("SELECT 'x' AS n", [], z.object({ n: z.number() })), {
    instanceOf: z.ZodError,
  });
});

test('database – a statement that runs too long – is ended by the server and told as busy', async (t) => {
  const database = open(t, { statementTimeoutMs: 300, connections: 1 });

  const error = await t.throwsAsync(database.query('SELECT SLEEP(10) AS s', [], anything));

  t.like(error, { code: 'database_busy', status: 503, headers: { 'Retry-After': '2' } });
  t.is(
    (await database.query('SELECT 1 AS n', [], anything)).length,
    1,
    'the connection is free again',
  );
});

test('database – more callers than connections and queue – are turned away, none waits for ever', async (t) => {
  const metrics = createMetrics({ service: 'test', source: null, commit: null });
  const database = open(t, { connections: 1, queueLimit: 2, acquireTimeoutMs: 300, metrics });
  await database.query('SELECT 1 AS n', [], anything);

  const holding = database.query('SELECT SLEEP(1) AS s', [], anything);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const waiting = [1, 2, 3].map(() => database.query('SELECT 1 AS n', [], anything));
  await new Promise((resolve) => setTimeout(resolve, 20));
  const text = await metrics.registry.metrics();
  const results = await Promise.allSettled(waiting);
  await holding;

  t.deepEqual(
    results.map((it) => it.status === 'rejected' && it.reason.code),
    ['database_busy', 'database_busy', 'database_busy'],
  );
  t.regex(text, /db_pool_connections\{state="used"\} 1/);
  t.regex(text, /db_pool_connections\{state="waiting"\} 2/);
  t.is(
    (await database.query('SELECT 1 AS n', [], anything)).length,
    1,
    'late turns were given back',
  );
});

test('database – nobody listens, a wrong password, no such database – are all unavailable', async (t) => {
  const { config } = server();
  const wrong = [
    { ...config, port: 1 },
    { ...config, password: new Secret('wrong') },
    { ...config, name: 'elsewhere' },
  ];
  for (const it of wrong) {
    const error = await t.throwsAsync(open(t, { config: it }).query('SELECT 1', [], anything));
    t.like(error, { code: 'database_unavailable', status: 503, headers: { 'Retry-After': '5' } });
  }
});

test('database – a server that accepts and says nothing – is given up in time', async (t) => {
  const { createServer } = await import('node:net');
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  t.teardown(() => void silent.close());
  const { port } = silent.address() as { port: number };
  const database = openDatabase({
    config: { ...server().config, port },
    log,
    acquireTimeoutMs: 200,
  });

  const startedAt = performance.now();
  const error = await t.throwsAsync(database.query('SELECT 1', [], anything));

  t.like(error, { code: 'database_unavailable' });
  t.true(performance.now() - startedAt < 1_500);
});

test.serial(
  'database – a server that became read-only – is left for another connection',
  async (t) => {
    const database = open(t, { connections: 1 });
    const { admin } = server();
    const id = z.object({ id: z.number() });
    const connectionId = async () =>
      (await database.query('SELECT CONNECTION_ID() AS id', [], id))[0]?.id;
    const before = await connectionId();
    await admin.query('SET GLOBAL read_only = 1');
    t.teardown(() => admin.query('SET GLOBAL read_only = 0'));

    const error = await t.throwsAsync(database.run('DELETE FROM events WHERE id = 0', []));

    t.like(error, { code: 'database_unavailable', status: 503 });
    t.not(await connectionId(), before);
  },
);

test('database – a double key – is told apart by its name', async (t) => {
  const database = open(t);
  const insert = () =>
    database.run("INSERT INTO users (email, name, password_hash) VALUES (?, 'A', '$argon2id$x')", [
      'double@example.com',
    ]);
  t.true((await insert()).insertId > 0);

  const error = await t.throwsAsync(insert());

  t.true(isDuplicateKey(error, 'uq_users_email'));
  t.false(isDuplicateKey(error, 'pk_users'));
});

test('transaction – an error – undoes all of it and keeps the connection in use', async (t) => {
  const database = open(t, { connections: 1 });
  const insert = "INSERT INTO users (email, name, password_hash) VALUES (?, 'A', '$argon2id$x')";

  await t.throwsAsync(
    database.transaction(async (queries) => {
      await queries.run(insert, ['gone@example.com']);
      throw new Error('changed my mind');
    }),
    { message: 'changed my mind' },
  );

  const found = await database.query(
    "SELECT id FROM users WHERE email = 'gone@example.com'",
    [],
    anything,
  );
  t.deepEqual(found, []);
});

test('transaction – a deadlock – is tried again until both are through', async (t) => {
  const database = open(t);
  const { insert } = server();
  const user = (email: string) =>
    insert('users', { email, name: 'A', password_hash: '$argon2id$x' });
  const [a, b] = [await user('a@example.com'), await user('b@example.com')];
  let runs = 0;
  const swap = (first: number, second: number) =>
    database.transaction(async (queries) => {
      runs += 1;
      await queries.run("UPDATE users SET name = CONCAT(name, 'x') WHERE id = ?", [first]);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await queries.run("UPDATE users SET name = CONCAT(name, 'x') WHERE id = ?", [second]);
    });

  await Promise.all([swap(a, b), swap(b, a)]);

  const names = await database.query(
    'SELECT name FROM users WHERE id IN (?, ?)',
    [a, b],
    z.object({ name: z.string() }),
  );
  t.deepEqual(names, [{ name: 'Axx' }, { name: 'Axx' }]);
  t.is(runs, 3);
});

test('databaseDependency – a migration that is not there – names its number', async (t) => {
  const database = open(t);
  const { signal } = new AbortController();

  const facts = await databaseDependency(database, 1).check(signal);
  t.true((facts?.schema.version ?? 0) >= 1);
  await t.throwsAsync(databaseDependency(database, 999).check(signal), {
    message: 'schema 999 missing',
  });
});

test('7.A-23 database – the account of a service – changes rows, and neither tables nor rights', async (t) => {
  const database = openDatabase({
    config: server().config,
    log: createLog({ service: 'test', level: 'silent' }),
  });
  t.teardown(() => database.close());
  const statements = [
    'DROP TABLE users',
    'CREATE TABLE intruders (id INT)',
    'ALTER TABLE users ADD COLUMN spy INT',
    'TRUNCATE TABLE users',
    "CREATE USER intruder IDENTIFIED BY 'x'",
    'GRANT ALL ON *.* TO CURRENT_USER()',
  ];
  for (const sql of statements) await t.throwsAsync(database.run(sql, []), undefined, sql);
  t.is((await database.run('UPDATE users SET name = name WHERE id = 0', [])).affectedRows, 0);
});
