import type { Connection, RowDataPacket } from 'mysql2/promise';
import { type Migration, sha256 } from './migration-files.ts';

export interface Applied {
  readonly id: number;
  readonly name: string;
  readonly checksum: string;
  readonly appliedAt: Date;
  readonly durationMs: number;
}

/** A migration that was begun and not ended. */
export interface Unfinished {
  readonly id: number;
  readonly name: string;
  /** How many statements are certain to have taken effect. */
  readonly done: number;
  /** Of these statements: the rest of the file may still be mended. */
  readonly doneChecksum: string;
  /** Number of the statement that was under way when the run ended without a word; else null. */
  readonly running: number | null;
}

export interface History {
  readonly applied: readonly Applied[];
  readonly unfinished: Unfinished | undefined;
}

/** Two tables: services read the first one, so a migration stands there only when all of it is in. */
const TABLES = [
  `CREATE TABLE IF NOT EXISTS schema_migrations (
    id SMALLINT UNSIGNED NOT NULL PRIMARY KEY,
    name VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    checksum CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    applied_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    duration_ms INT UNSIGNED NOT NULL
  ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci`,
  `CREATE TABLE IF NOT EXISTS schema_migration_progress (
    id SMALLINT UNSIGNED NOT NULL PRIMARY KEY,
    name VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    done SMALLINT UNSIGNED NOT NULL,
    done_checksum CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    running SMALLINT UNSIGNED NULL
  ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci`,
];

export async function createHistory(connection: Connection): Promise<void> {
  for (const table of TABLES) await connection.query(table);
}

/** What the database says of itself; of one never migrated: nothing. */
export async function readHistory(connection: Connection): Promise<History> {
  const [tables] = await connection.query<RowDataPacket[]>(
    `SELECT COUNT(*) AS found FROM information_schema.tables WHERE table_schema = DATABASE()
       AND table_name IN ('schema_migrations', 'schema_migration_progress')`,
  );
  if (Number(tables[0]?.found) < TABLES.length) return { applied: [], unfinished: undefined };
  const [applied] = await connection.query<RowDataPacket[]>(
    `SELECT id, name, checksum, applied_at AS appliedAt, duration_ms AS durationMs
       FROM schema_migrations ORDER BY id`,
  );
  const [unfinished] = await connection.query<RowDataPacket[]>(
    `SELECT id, name, done, done_checksum AS doneChecksum, running
       FROM schema_migration_progress ORDER BY id LIMIT 1`,
  );
  return { applied: applied as Applied[], unfinished: unfinished[0] as Unfinished | undefined };
}

export const checksumOf = (statements: readonly string[]) => sha256(statements.join(';\n'));

/** Notes how far a migration has come. */
export async function writeProgress(
  connection: Connection,
  { id, name, statements }: Migration,
  done: number,
  running: number | null,
): Promise<void> {
  await connection.query(
    `INSERT INTO schema_migration_progress (id, name, done, done_checksum, running)
       VALUES (?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE name = VALUES(name), done = VALUES(done),
       done_checksum = VALUES(done_checksum), running = VALUES(running)`,
    [id, name, done, checksumOf(statements.slice(0, done)), running],
  );
}

/** Puts a migration on record as complete. */
export async function finish(
  connection: Connection,
  { id, name, checksum }: Migration,
  durationMs: number,
): Promise<void> {
  await connection.beginTransaction();
  await connection.query(
    'INSERT INTO schema_migrations (id, name, checksum, duration_ms) VALUES (?, ?, ?, ?)',
    [id, name, checksum, durationMs],
  );
  await connection.query('DELETE FROM schema_migration_progress WHERE id = ?', [id]);
  await connection.commit();
}
