import { z } from 'zod';
import type { Database } from './database.ts';
import type { Dependency } from './health.ts';

const NO_SUCH_TABLE = 1146;
const applied = z.object({ applied: z.coerce.number() });

/** The database as a dependency: it answers, and holds the migration that this service needs. */
export function databaseDependency(database: Database, migration: number): Dependency {
  return {
    name: 'database',
    required: true,
    async check() {
      const number = String(migration).padStart(3, '0');
      if (!(await isApplied(database, migration))) throw new Error(`schema ${number} missing`);
    },
  };
}

async function isApplied(database: Database, migration: number): Promise<boolean> {
  try {
    const sql = 'SELECT COUNT(*) AS applied FROM schema_migrations WHERE id = ?';
    const [row] = await database.query(sql, [migration], applied);
    return row?.applied === 1;
  } catch (error) {
    if ((error as { errno?: number }).errno === NO_SUCH_TABLE) return false;
    throw new Error(describe(error), { cause: error });
  }
}

/** The driver's code: its message names hosts and users, and `/health` may be public. */
function describe(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code } = cause as { code?: string };
  return code ?? 'no answer';
}
