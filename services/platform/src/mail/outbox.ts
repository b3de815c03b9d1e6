import type { Queries } from '../database.ts';

/** A mail as one part of a write: it is sent if that is committed, and made when it is sent. */
export interface OutgoingMail {
  /** Names what makes the message of the data; see `compose` of the sender. */
  readonly kind: string;
  readonly to: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** After that it is of no use, and is not sent any more. */
  readonly expiresAt: Date;
}

/** Puts a mail where the sender finds it; a transaction's queries make it part of that. */
export async function enqueueMail(queries: Queries, mail: OutgoingMail): Promise<void> {
  // Due for a sender too whose clock is behind the database's.
  await queries.run(
    `INSERT INTO mail_outbox (kind, recipient, data, due_at, expires_at)
     VALUES (?, ?, ?, CURRENT_TIMESTAMP(3) - INTERVAL 5 MINUTE, ?)`,
    [mail.kind, mail.to, JSON.stringify(mail.data), mail.expiresAt],
  );
}
