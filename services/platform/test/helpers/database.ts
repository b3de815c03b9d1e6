import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestFn } from 'ava';
import { type Connection, createConnection, type ResultSetHeader } from 'mysql2/promise';
import { createDatabase } from '../../../../local/mariadb/databases.ts';
import { connectAdmin, startMariaDb, stopMariaDb } from '../../../../local/mariadb.ts';
import { type Instance, instance } from '../../../../local/state.ts';
import { readMigrations } from '../../../database/src/migration-files.ts';
import { migrateUp } from '../../../database/src/migrator.ts';
import type { DatabaseConfig } from '../../src/database.ts';
import { Secret } from '../../src/secret.ts';

const NAME = 'gigsdb';

export interface TestDatabase {
  /** What a service is given: a user that may change rows and nothing else. */
  readonly config: DatabaseConfig;
  /** The administrator, for what a test arranges. */
  readonly admin: Connection;
  /** Inserts one row and gives back its number. */
  insert(table: string, row: Readonly<Record<string, unknown>>): Promise<number>;
  /** Takes the server away, and brings it back on the same port. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/**
 * A MariaDB for this test file alone, with the real migrations unless told otherwise; with
 * TEST_DATABASE_URL=mysql://root:…@127.0.0.1:3306 a database of its own on that server, of whatever make.
 */
export function useDatabase(test: TestFn, { migrated = true } = {}): () => TestDatabase {
  let folder: string | undefined;
  let server: Instance | undefined;
  let database: TestDatabase | undefined;

  test.before('start a database', async (t) => {
    t.timeout(120_000);
    const { TEST_DATABASE_URL: url } = process.env;
    if (url) {
      database = await prepareOn(url, migrated);
      return;
    }
    folder = await mkdtemp(join(tmpdir(), 'wtc-'));
    server = instance('test', { ...process.env, XDG_STATE_HOME: folder });
    database = await prepare(server, migrated);
  });
  test.after.always('stop the database', async () => {
    await database?.admin.end().catch(() => {});
    if (server) await stopMariaDb(server);
    if (folder) await rm(folder, { recursive: true, force: true });
  });
  return () => {
    if (!database) throw new Error('useDatabase: ask inside of a test');
    return database;
  };
}

async function prepare(own: Instance, migrated: boolean): Promise<TestDatabase> {
  const started = await startMariaDb(own);
  const { app } = await createDatabase(started, NAME);
  let admin = await openAdmin();
  if (migrated) await migrateUp(admin, { migrations: await readMigrations() });

  async function openAdmin(): Promise<Connection> {
    const connection = await connectAdmin(started);
    await connection.changeUser({ database: NAME });
    connection.on('error', () => {}); // A test may take the server away.
    return connection;
  }
  return {
    config: {
      host: started.host,
      port: started.port,
      user: app.user,
      password: new Secret(app.password),
      name: NAME,
      tls: 'off',
    },
    get admin() {
      return admin;
    },
    async insert(table, row) {
      const [result] = await admin.query<ResultSetHeader>('INSERT INTO ?? SET ?', [table, row]);
      return result.insertId;
    },
    stop: () => stopMariaDb(own),
    async start() {
      await startMariaDb(own);
      admin = await openAdmin();
    },
  };
}

/** On a server that is there: it is not stopped, and keeps nothing. */
async function prepareOn(url: string, migrated: boolean): Promise<TestDatabase> {
  const name = `test_${process.pid}`;
  const admin = await createConnection({ uri: url, charset: 'utf8mb4', timezone: 'Z' });
  const password = randomBytes(24).toString('base64url');
  await admin.query(`DROP DATABASE IF EXISTS ${name}`);
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.query(`DROP USER IF EXISTS '${name}'@'%'`);
  await admin.query(`CREATE USER '${name}'@'%' IDENTIFIED BY '${password}'`);
  await admin.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${name}.* TO '${name}'@'%'`);
  await admin.changeUser({ database: name });
  if (migrated) await migrateUp(admin, { migrations: await readMigrations() });
  const refuse = () => Promise.reject(new Error('this server is not ours to stop'));
  return {
    config: {
      host: new URL(url).hostname,
      port: Number(new URL(url).port || 3306),
      ...{ user: name, password: new Secret(password), name, tls: 'off' as const },
    },
    admin: Object.assign(admin, {
      end: async () => {
        await admin.query(`DROP DATABASE ${name}`);
        await admin.query(`DROP USER '${name}'@'%'`);
        admin.destroy();
      },
    }),
    async insert(table, row) {
      const [result] = await admin.query<ResultSetHeader>('INSERT INTO ?? SET ?', [table, row]);
      return result.insertId;
    },
    stop: refuse,
    start: refuse,
  };
}

/** The server settings of a service under test. */
export const testServerConfig = {
  port: 0,
  metricsPort: 0,
  address: '127.0.0.1',
  logLevel: 'silent',
  warmUpRequests: 0,
  drainMs: 0,
  stopDeadlineMs: 2_000,
  source: 'src-test',
  commit: 'abc',
} as const;

const secret = new Secret('of-a-test-'.repeat(4));

/** The token settings of the service that makes tokens, under test. */
export const testTokens = { secret, signingKey: null, otherKey: null };

/** Those of one that takes them. */
export const testVerifier = { secret, publicKeys: null };
