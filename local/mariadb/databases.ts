import type { Connection, RowDataPacket } from 'mysql2/promise';
import { connectAdmin, type MariaDb } from '../mariadb.ts';
import { newPassword, readCredentials, writeCredentials } from './credentials.ts';

/** A database that somebody else made: it is never touched. */
export class ForeignDatabase extends Error {
  override readonly name = 'ForeignDatabase';
  readonly code = 'DATABASE_NOT_OURS';

  constructor(database: string) {
    super(
      `the database ${database} holds tables and no mark of this instance (${MARKER}); ` +
        'name an empty database, or drop this one yourself if nobody needs it',
    );
  }
}

export interface DatabaseUser {
  readonly user: string;
  readonly password: string;
}

export interface LocalDatabase {
  readonly name: string;
  /** Reads and writes rows. */
  readonly app: DatabaseUser;
  /** May also change tables. */
  readonly migrate: DatabaseUser;
}

const MARKER = 'whatsthecraic_local';
const APP_RIGHTS = 'SELECT, INSERT, UPDATE, DELETE';
const MIGRATE_RIGHTS = `${APP_RIGHTS}, CREATE, ALTER, DROP, INDEX, REFERENCES`;

/** Makes a marked database with a user for services and one for migrations; again: the same ones. */
export async function createDatabase(server: MariaDb, name: string): Promise<LocalDatabase> {
  requireName(name);
  const credentials = await readCredentials(server.folder);
  const passwordOf = (user: string) => ({
    user,
    password: credentials.users[user] ?? newPassword(),
  });
  const app = passwordOf(`${name}_app`);
  const migrate = passwordOf(`${name}_migrate`);
  const users = { [app.user]: app.password, [migrate.user]: migrate.password };

  await using admin = await connectAdmin(server);
  await claimDatabase(admin, name, server.instanceId);
  await writeCredentials(server.folder, {
    ...credentials,
    users: { ...credentials.users, ...users },
  });
  // In a GRANT the underscore stands for any character.
  const pattern = name.replaceAll('_', '\\_');
  for (const [{ user, password }, rights] of [
    [app, APP_RIGHTS],
    [migrate, MIGRATE_RIGHTS],
  ] as const) {
    await admin.query(`CREATE OR REPLACE USER '${user}'@'%' IDENTIFIED BY ?`, [password]);
    await admin.query(`GRANT ${rights} ON \`${pattern}\`.* TO '${user}'@'%'`);
  }
  return { name, app, migrate };
}

/** Makes a database with this instance's mark; refuses one that is there without it. */
export async function claimDatabase(
  connection: Connection,
  name: string,
  instanceId: string,
): Promise<void> {
  requireName(name);
  await requireOurs(connection, name, instanceId);
  await connection.query(`CREATE DATABASE IF NOT EXISTS ${name}`);
  await connection.query(
    `CREATE TABLE IF NOT EXISTS ${name}.${MARKER} (instance_id CHAR(32) NOT NULL PRIMARY KEY)`,
  );
  await connection.query(`INSERT IGNORE INTO ${name}.${MARKER} VALUES (?)`, [instanceId]);
}

/** Drops a database of this instance with its users; refuses any other. */
export async function dropDatabase(server: MariaDb, name: string): Promise<void> {
  await using admin = await connectAdmin(server);
  await dropClaimed(admin, name, server.instanceId);
  await admin.query(`DROP USER IF EXISTS '${name}_app'@'%', '${name}_migrate'@'%'`);
}

/** Drops a database that bears this instance's mark; refuses any other. */
export async function dropClaimed(
  connection: Connection,
  name: string,
  instanceId: string,
): Promise<void> {
  requireName(name);
  await requireOurs(connection, name, instanceId);
  await connection.query(`DROP DATABASE IF EXISTS ${name}`);
}

/** Passes a database that is absent or empty, or bears the mark of this instance. */
async function requireOurs(admin: Connection, name: string, instanceId: string): Promise<void> {
  const [tables] = await admin.query<RowDataPacket[]>(
    'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ?',
    [name],
  );
  if (tables.length === 0) return;
  if (!tables.some((table) => table.name === MARKER)) throw new ForeignDatabase(name);
  const [marks] = await admin.query<RowDataPacket[]>(
    `SELECT instance_id FROM ${name}.${MARKER} WHERE instance_id = ?`,
    [instanceId],
  );
  if (marks.length === 0) throw new ForeignDatabase(name);
}

function requireName(name: string): void {
  if (/^[a-z][a-z0-9_]{0,31}$/.test(name) && !['mysql', 'sys'].includes(name)) return;
  throw new TypeError(`database name: expected 1 to 32 of a-z 0-9 _, got ${JSON.stringify(name)}`);
}
