import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Database } from './database.ts';
import type { Dependency, DependencyFacts } from './health.ts';

const NO_SUCH_TABLE = 1146;
const migrationRow = z.object({ id: z.number(), name: z.string(), checksum: z.string() });
type MigrationRow = z.output<typeof migrationRow>;

/** The database as a dependency: it answers, and holds the migration that this service needs. */
export function databaseDependency(database: Database, migration: number): Dependency {
  return {
    name: 'database',
    required: true,
    async check() {
      const rows = await readMigrations(database);
      const number = String(migration).padStart(3, '0');
      if (!rows.some(({ id }) => id === migration)) throw new Error(`schema ${number} missing`);
      return { schema: schemaOf(rows) };
    },
  };
}

/** The pipeline compares it with the files of a release, to know what is pending. */
function schemaOf(rows: readonly MigrationRow[]): DependencyFacts['schema'] {
  const hash = createHash('sha256');
  for (const { id, name, checksum } of rows) hash.update(`${id} ${name} ${checksum}\n`);
  return { version: rows.at(-1)?.id ?? 0, digest: hash.digest('hex') };
}

async function readMigrations(database: Database): Promise<MigrationRow[]> {
  try {
    const sql = 'SELECT id, name, checksum FROM schema_migrations ORDER BY id';
    return await database.query(sql, [], migrationRow);
  } catch (error) {
    if ((error as { errno?: number }).errno === NO_SUCH_TABLE) return [];
    throw new Error(describe(error), { cause: error });
  }
}

/** The driver's code: its message names hosts and users, and `/health` may be public. */
function describe(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code } = cause as { code?: string };
  return code ?? 'no answer';
}
