import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { createDatabase, dropDatabase } from '../mariadb/databases.ts';
import { connectAdmin, type MariaDb, startMariaDb, stopMariaDb } from '../mariadb.ts';
import { recordedServers, runningServer } from '../processes.ts';
import { type Instance, instance } from '../state.ts';

async function temporaryInstance(t: ExecutionContext): Promise<Instance> {
  const folder = await mkdtemp(join(tmpdir(), 'wtc-'));
  const own = {
    ...instance('test', { XDG_STATE_HOME: folder }),
    cacheFolder: instance('test').cacheFolder,
  };
  t.teardown(async () => {
    await stopMariaDb(own);
    await rm(folder, { recursive: true, force: true });
  });
  return own;
}

const connect = (
  server: MariaDb,
  { user, password }: { user: string; password: string },
  database: string,
) => createConnection({ host: server.host, port: server.port, user, password, database });

test('mariadb – started twice – is one server, in UTC, strict, on its address only', async (t) => {
  const own = await temporaryInstance(t);

  const server = await startMariaDb(own);
  const first = await runningServer(own, 'mariadb');
  const again = await startMariaDb(own);

  t.deepEqual(again, server);
  t.is((await runningServer(own, 'mariadb'))?.pid, first?.pid);
  await using admin = await connectAdmin(server);
  const [[row]] = await admin.query<RowDataPacket[]>(
    `SELECT @@global.time_zone AS zone, @@bind_address AS address, @@collation_server AS collation,
       @@global.sql_mode LIKE '%ONLY_FULL_GROUP_BY%' AS strict`,
  );
  t.deepEqual(
    { ...row },
    { zone: '+00:00', address: '127.0.0.1', collation: 'utf8mb4_unicode_520_ci', strict: 1 },
  );
});

test('mariadb – stopped and started – keeps data, port and passwords', async (t) => {
  const own = await temporaryInstance(t);
  const server = await startMariaDb(own);
  const database = await createDatabase(server, 'gigs_db');
  await stopMariaDb(own);
  t.deepEqual(await recordedServers(own), []);

  const again = await startMariaDb(own);

  t.is(again.port, server.port);
  t.deepEqual(await createDatabase(again, 'gigs_db'), database);
  await using app = await connect(again, database.app, 'gigs_db');
  const [rows] = await app.query<RowDataPacket[]>('SELECT instance_id FROM whatsthecraic_local');
  t.is(rows[0]?.instance_id, server.instanceId);
});

test('mariadb – its passwords – are in files of the owner and on no command line', async (t) => {
  const own = await temporaryInstance(t);
  const server = await startMariaDb(own);

  const file = join(server.folder, 'credentials.json');
  const { adminPassword } = JSON.parse(await readFile(file, 'utf8')) as { adminPassword: string };
  const running = await runningServer(own, 'mariadb');
  const commandLine = await readFile(`/proc/${running?.pid}/cmdline`, 'utf8');
  const log = await readFile(join(own.stateFolder, 'log', 'mariadb.log'), 'utf8');

  t.is((await stat(file)).mode & 0o777, 0o600);
  t.is((await stat(join(server.folder, 'init.sql'))).mode & 0o777, 0o600);
  t.false(commandLine.includes(adminPassword));
  t.false(log.includes(adminPassword));
  const overTcp = connect(server, { user: 'root', password: adminPassword }, 'mysql');
  await t.throwsAsync(overTcp, { code: 'ER_HOST_NOT_PRIVILEGED' });
});

test('mariadb – rights – a service changes rows, only migrations change tables, neither leaves its database', async (t) => {
  const own = await temporaryInstance(t);
  const server = await startMariaDb(own);
  const one = await createDatabase(server, 'gigs_a');
  await createDatabase(server, 'gigsxa');
  await using migrate = await connect(server, one.migrate, 'gigs_a');
  await using app = await connect(server, one.app, 'gigs_a');

  await migrate.query('CREATE TABLE t (id INT PRIMARY KEY)');
  await app.query('INSERT INTO t VALUES (1)');

  await t.throwsAsync(app.query('DROP TABLE t'), { code: 'ER_TABLEACCESS_DENIED_ERROR' });
  await t.throwsAsync(app.query('CREATE TABLE u (id INT)'), {
    code: 'ER_TABLEACCESS_DENIED_ERROR',
  });
  await t.throwsAsync(app.query('USE gigsxa'), { code: 'ER_DBACCESS_DENIED_ERROR' });
  await t.throwsAsync(migrate.query('USE mysql'), { code: 'ER_DBACCESS_DENIED_ERROR' });
});

test('mariadb – a database without the mark – is neither taken nor dropped', async (t) => {
  const own = await temporaryInstance(t);
  const server = await startMariaDb(own);
  await using admin = await connectAdmin(server);
  await admin.query('CREATE DATABASE theirs');
  await admin.query('CREATE TABLE theirs.precious (id INT)');

  await t.throwsAsync(createDatabase(server, 'theirs'), { code: 'DATABASE_NOT_OURS' });
  await t.throwsAsync(dropDatabase(server, 'theirs'), { code: 'DATABASE_NOT_OURS' });
  await admin.query('CREATE TABLE theirs.whatsthecraic_local (instance_id CHAR(32))');
  await admin.query("INSERT INTO theirs.whatsthecraic_local VALUES ('another instance')");
  await t.throwsAsync(dropDatabase(server, 'theirs'), { code: 'DATABASE_NOT_OURS' });

  await createDatabase(server, 'ours');
  await dropDatabase(server, 'ours');
  const [left] = await admin.query<RowDataPacket[]>(
    "SHOW DATABASES WHERE `Database` IN ('ours', 'theirs')",
  );
  t.deepEqual(
    left.map((row) => row.Database),
    ['theirs'],
  );
});

test('mariadb – a data folder that the server cannot open – is told with the end of the log', async (t) => {
  const own = await temporaryInstance(t);
  const server = await startMariaDb(own);
  await stopMariaDb(own);
  await rm(join(server.folder, 'data', 'ibdata1'));
  await rm(join(server.folder, 'data', 'mysql'), { recursive: true });

  const error = await t.throwsAsync(startMariaDb(own), { code: 'MARIADB_NOT_STARTED' });

  t.regex(error?.message ?? '', /ERROR/);
});
