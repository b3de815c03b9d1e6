import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { type Connection, createConnection } from 'mysql2/promise';
import { createDatabase, type DatabaseUser } from '../../local/mariadb/databases.ts';
import { type MariaDb, startMariaDb, stopMariaDb } from '../../local/mariadb.ts';
import { type Instance, instance } from '../../local/state.ts';

export interface TemporaryDatabase {
  readonly instance: Instance;
  readonly server: MariaDb;
  /** A new empty database on the same server. */
  create(name: string): Promise<TestDatabase>;
}

export interface TestDatabase {
  readonly name: string;
  /** The environment of a command or a service; without a choice that of migrations. */
  env(user?: 'app' | 'migrate'): NodeJS.ProcessEnv;
  connect(user?: 'app' | 'migrate'): Promise<Connection>;
}

/** A private MariaDB that is gone after the test; it takes a quarter of a second to start. */
export async function temporaryDatabase(
  t: Pick<ExecutionContext, 'teardown'>,
): Promise<TemporaryDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'wtc-'));
  const { cacheFolder } = instance('test');
  const own = { ...instance('test', { XDG_STATE_HOME: folder }), cacheFolder };
  t.teardown(async () => {
    await stopMariaDb(own);
    await rm(folder, { recursive: true, force: true });
  });
  const server = await startMariaDb(own);
  return {
    instance: own,
    server,
    async create(name) {
      const database = await createDatabase(server, name);
      return testDatabase(server, name, { app: database.app, migrate: database.migrate }, t);
    },
  };
}

function testDatabase(
  server: MariaDb,
  name: string,
  users: Readonly<Record<'app' | 'migrate', DatabaseUser>>,
  t: Pick<ExecutionContext, 'teardown'>,
): TestDatabase {
  const { host, port } = server;
  return {
    name,
    env(user = 'migrate') {
      const { user: DB_USER, password: DB_PASSWORD } = users[user];
      return { DB_HOST: host, DB_PORT: String(port), DB_USER, DB_PASSWORD, DB_NAME: name };
    },
    async connect(user = 'migrate') {
      const connection = await createConnection({
        host,
        port,
        ...users[user],
        database: name,
        charset: 'utf8mb4',
        timezone: 'Z',
      });
      t.teardown(() => connection.destroy());
      return connection;
    },
  };
}
