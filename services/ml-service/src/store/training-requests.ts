import type { Database, Queries } from '@whatsthecraic/platform/database';
import { z } from 'zod';

const row = z.object({ id: z.int() });
const OPEN = 'SELECT id FROM training_requests WHERE ended_at IS NULL ORDER BY id LIMIT 1';

/** Asks for a training; while a request is open, another one is the same. */
export function requestTraining(database: Database, actor: number, at: Date): Promise<number> {
  return database.transaction(async (queries) => {
    const [open] = await queries.query(`${OPEN} FOR UPDATE`, [], row);
    if (open) return open.id;
    const { insertId } = await queries.run(
      'INSERT INTO training_requests (actor_id, requested_at) VALUES (?, ?)',
      [actor, at],
    );
    return insertId;
  });
}

export const isTrainingRequested = async (queries: Queries): Promise<boolean> =>
  (await queries.query(OPEN, [], row)).length > 0;

/** Whatever was asked for until now has been done, and this came of it. */
export async function endRequests(queries: Queries, outcome: string, at: Date): Promise<void> {
  await queries.run(
    'UPDATE training_requests SET ended_at = ?, outcome = ? WHERE ended_at IS NULL AND requested_at <= ?',
    [at, outcome.slice(0, 255), at],
  );
}
