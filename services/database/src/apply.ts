import type { Connection, RowDataPacket } from 'mysql2/promise';
import { DatabaseCommandError } from './errors.ts';
import { finish, writeProgress } from './history.ts';
import { type Migration, migrationLabel } from './migration-files.ts';

/** Runs what is left of a migration, one statement a step, and notes each step before and after it. */
export async function applyMigration(
  connection: Connection,
  migration: Migration,
  done: number,
  now: () => number,
): Promise<number> {
  const began = now();
  for (const [index, statement] of migration.statements.entries()) {
    if (index >= done) await applyStatement(connection, migration, index, statement);
  }
  const durationMs = Math.round(now() - began);
  await finish(connection, migration, durationMs);
  return durationMs;
}

async function applyStatement(
  connection: Connection,
  migration: Migration,
  index: number,
  statement: string,
): Promise<void> {
  const isRows = /^(?:INSERT|UPDATE|DELETE|REPLACE)\b/i.test(statement);
  try {
    // Rows and their note come in together or not at all; DDL commits by itself and cannot.
    if (isRows) await connection.beginTransaction();
    else await writeProgress(connection, migration, index, index + 1);
    await connection.query(statement);
    await writeProgress(connection, migration, index + 1, null);
    if (isRows) await connection.commit();
  } catch (error) {
    await noteFailure(connection, migration, index);
    throw new DatabaseCommandError(
      'MIGRATION_FAILED',
      `${migrationLabel(migration)}, statement ${index + 1} of ${migration.statements.length} failed: ` +
        `${(error as Error).message}\n  ${excerpt(statement)}\n` +
        'What came before it is in; mend the cause, or this statement, and run `migrate up` again',
      { cause: error },
    );
  }
}

/** A refused statement has no effect (atomic DDL), so it is no longer in doubt. */
async function noteFailure(connection: Connection, migration: Migration, index: number) {
  try {
    await connection.rollback();
    await writeProgress(connection, migration, index, null);
  } catch {
    // The connection is gone: the note from before the statement stands, and says so.
  }
}

/**
 * How many statements are in, after a run that died inside one. A table that exists was made by it:
 * it would have failed otherwise, and CREATE TABLE is all or nothing on both servers.
 */
export async function resolveDoubt(
  connection: Connection,
  migration: Migration,
  doubtful: number,
  told: 'done' | 'again' | undefined,
): Promise<number> {
  if (told) return told === 'done' ? doubtful : doubtful - 1;
  const statement = migration.statements[doubtful - 1] ?? '';
  const [, table] = /^CREATE\s+TABLE\s+`?(\w+)`?\s*\(/i.exec(statement) ?? [];
  if (table) {
    const [rows] = await connection.query<RowDataPacket[]>(
      `SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?`,
      [table],
    );
    return rows.length > 0 ? doubtful : doubtful - 1;
  }
  throw new DatabaseCommandError(
    'MIGRATION_INTERRUPTED',
    `${migrationLabel(migration)} was cut off inside statement ${doubtful} of ` +
      `${migration.statements.length}:\n  ${excerpt(statement)}\n` +
      'Look whether it took effect, then run `migrate up --interrupted=done` if it did, ' +
      '`migrate up --interrupted=again` if not',
  );
}

const excerpt = (statement: string) => statement.replace(/\s+/g, ' ').slice(0, 160);
