import { z } from 'zod';
import type { Queries } from '../database.ts';
import { placeholders } from '../sql.ts';

/** A mail as one part of a write: it is sent if that is committed, and made when it is sent. */
export interface OutgoingMail {
  /** Names what makes the message of the data; see `compose` of the sender. */
  readonly kind: string;
  readonly to: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** After that it is of no use, and is not sent any more. */
  readonly expiresAt: Date;
}

/**
 * Puts a mail where the sender finds it; a transaction's queries make it part of that. Gives back the
 * number under which can be asked what became of it.
 */
export async function enqueueMail(queries: Queries, mail: OutgoingMail): Promise<number> {
  // Due for a sender too whose clock is behind the database's.
  const { insertId } = await queries.run(
    `INSERT INTO mail_outbox (kind, recipient, data, due_at, expires_at)
     VALUES (?, ?, ?, CURRENT_TIMESTAMP(3) - INTERVAL 5 MINUTE, ?)`,
    [mail.kind, mail.to, JSON.stringify(mail.data), mail.expiresAt],
  );
  return insertId;
}

const settled = z.object({
  id: z.coerce.number(),
  state: z.enum(['sent', 'failed']),
  reason: z.string().nullable(),
  settledAt: z.date(),
});

/** Which of these mails are sent, or never will be. */
export const settledMails = (queries: Queries, ids: readonly number[]) =>
  queries.search(
    `SELECT id, state, reason, settled_at AS settledAt FROM mail_outbox
     WHERE id IN (${placeholders(ids)}) AND state <> 'waiting'`,
    ids,
    settled,
  );

/** Takes a mail back that nobody has begun to send; tells whether it could. */
export async function recallMail(queries: Queries, id: number): Promise<boolean> {
  const sql = "DELETE FROM mail_outbox WHERE id = ? AND state = 'waiting' AND claim IS NULL";
  return (await queries.run(sql, [id])).affectedRows === 1;
}
