import type { Database } from '@whatsthecraic/platform/database';
import { z } from 'zod';

const answer = z.object({ held: z.coerce.number().nullable() });
const LOCK = "CONCAT(DATABASE(), '.ingestion')";

/**
 * Runs `work` while nobody else does, in whatever pod: a named lock of the database, which the server
 * takes back when this process dies. Gives back `undefined` if somebody else has it.
 */
export async function withLock<T>(
  database: Database,
  work: (stillHeld: () => Promise<boolean>) => Promise<T>,
): Promise<T | undefined> {
  // The transaction pins a connection and reads no table, so it holds nothing back.
  const ended = await database.transaction(async (queries) => {
    const ask = async (sql: string) => (await queries.query(sql, [], answer))[0]?.held === 1;
    if (!(await ask(`SELECT GET_LOCK(${LOCK}, 0) AS held`))) return undefined;
    try {
      const result = await work(() =>
        ask(`SELECT IS_USED_LOCK(${LOCK}) = CONNECTION_ID() AS held`).catch(() => false),
      ).then(
        (value) => ({ value }),
        // Handed on as a value, since a transaction would be tried again after some errors.
        (error: unknown) => ({ error }),
      );
      return result;
    } finally {
      await ask(`SELECT RELEASE_LOCK(${LOCK}) AS held`).catch(() => false);
    }
  });
  if (ended && 'error' in ended) throw ended.error;
  return ended?.value;
}
