import type { Database, Queries } from '@whatsthecraic/platform/database';
import { z } from 'zod';

const columns = `r.id, r.message, r.status, r.note, r.created_at AS createdAt,
  r.decided_at AS decidedAt`;

const fields = z.object({
  id: z.number(),
  message: z.string(),
  status: z.enum(['open', 'granted', 'refused']),
  note: z.string(),
  createdAt: z.date(),
  decidedAt: z.date().nullable(),
});

const toRequest = ({ createdAt, decidedAt, ...rest }: z.output<typeof fields>) => ({
  ...rest,
  createdAt: createdAt.toISOString(),
  decidedAt: decidedAt?.toISOString() ?? null,
});

const request = fields.transform(toRequest);
export type OrganizerRequest = z.output<typeof request>;

const withUser = fields
  .extend({ userId: z.number(), name: z.string(), email: z.string() })
  .transform(({ userId, name, email, ...rest }) => ({
    ...toRequest(rest),
    user: { id: userId, name, email },
  }));

export async function insertRequest(
  queries: Queries,
  { userId, message, at }: { userId: number; message: string; at: Date },
): Promise<number> {
  const { insertId } = await queries.run(
    'INSERT INTO organizer_requests (user_id, message, created_at) VALUES (?, ?, ?)',
    [userId, message, at],
  );
  return insertId;
}

export const requestsOf = (database: Database, userId: number) =>
  database.query(
    `SELECT ${columns} FROM organizer_requests r WHERE r.user_id = ? ORDER BY r.id DESC LIMIT 100`,
    [userId],
    request,
  );

export const openRequests = (database: Database) =>
  database.query(
    `SELECT ${columns}, u.id AS userId, u.name, u.email
     FROM organizer_requests r JOIN users u ON u.id = r.user_id
     WHERE r.status = 'open' ORDER BY r.id LIMIT 100`,
    [],
    withUser,
  );

/** A request with its user, held until the transaction ends, so that it is decided once. */
export async function lockRequest(queries: Queries, id: number) {
  const [found] = await queries.query(
    `SELECT ${columns}, u.id AS userId, u.name, u.email
     FROM organizer_requests r JOIN users u ON u.id = r.user_id WHERE r.id = ? FOR UPDATE`,
    [id],
    withUser,
  );
  return found;
}

export async function settleRequest(
  queries: Queries,
  settled: { id: number; status: 'granted' | 'refused'; note: string; by: number; at: Date },
): Promise<void> {
  const { id, status, note, by, at } = settled;
  await queries.run(
    `UPDATE organizer_requests SET status = ?, is_open = NULL, note = ?, decided_by = ?,
       decided_at = ? WHERE id = ?`,
    [status, note, by, at, id],
  );
}
