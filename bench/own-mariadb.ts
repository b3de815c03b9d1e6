import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from 'mysql2/promise';
import { createDatabase } from '../local/mariadb/databases.ts';
import { connectAdmin, type MariaDb, startMariaDb, stopMariaDb } from '../local/mariadb.ts';
import { type Instance, instance } from '../local/state.ts';
import { readMigrations } from '../services/database/src/migration-files.ts';
import { migrateUp } from '../services/database/src/migrator.ts';
import type { DatabaseConfig } from '../services/platform/src/database.ts';
import { Secret } from '../services/platform/src/secret.ts';

const SCHEMA = 'gigsdb';

export interface OwnMariaDb {
  readonly server: MariaDb;
  readonly instance: Instance;
  /** Gone at the end, with all that was put there. */
  readonly folder: string;
}

export interface MigratedDatabase {
  readonly admin: Connection;
  /** What a service in this process is given. */
  readonly config: DatabaseConfig;
  /** What a service's process is given. */
  readonly env: NodeJS.ProcessEnv;
}

/** Runs a measurement with a MariaDB of its own, which is gone afterwards. */
export async function withMariaDb(
  name: string,
  measure: (own: OwnMariaDb) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'wtc-bench-'));
  const own = instance(name, { ...process.env, XDG_STATE_HOME: folder });
  try {
    await measure({ server: await startMariaDb(own), instance: own, folder });
  } finally {
    await stopMariaDb(own);
    await rm(folder, { recursive: true, force: true });
  }
}

/** An empty database with every migration; one that was there before is gone. */
export async function migratedDatabase(server: MariaDb): Promise<MigratedDatabase> {
  const admin = await connectAdmin(server);
  await admin.query(`DROP DATABASE IF EXISTS ${SCHEMA}`);
  const { app } = await createDatabase(server, SCHEMA);
  await admin.changeUser({ database: SCHEMA });
  await migrateUp(admin, { migrations: await readMigrations() });
  const { host, port } = server;
  const { user, password } = app;
  return {
    admin,
    config: { host, port, user, password: new Secret(password), name: SCHEMA, tls: 'off' },
    env: {
      ...{ DB_HOST: host, DB_PORT: String(port), DB_NAME: SCHEMA },
      ...{ DB_USER: user, DB_PASSWORD: password },
    },
  };
}
