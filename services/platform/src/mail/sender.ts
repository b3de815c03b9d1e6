import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Database } from '../database.ts';
import type { Job } from '../job.ts';
import type { Log } from '../log.ts';

export interface Message {
  readonly subject: string;
  readonly text: string;
  readonly replyTo?: string;
  /** Where one click ends such mails (RFC 8058): a page that takes a POST. */
  readonly unsubscribe?: string;
}

/** A message with its address and an id that stays the same when it is sent again. */
export interface AddressedMessage extends Message {
  readonly to: string;
  readonly id: string;
}

/** Brings a message on its way; throws when it may succeed later, `MailRefused` when it never will. */
export type Deliver = (message: AddressedMessage) => Promise<void>;

/** Makes the message of a row; `undefined` when there is nothing to say any more. */
export type Compose = (data: unknown, to: string) => Promise<Message | undefined>;

/** The other side will never take this message. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused';
}

export interface MailSenderOptions {
  readonly database: Database;
  readonly deliver: Deliver;
  readonly composers: Readonly<Record<string, Compose>>;
  readonly log: Log;
  readonly everyMs?: number;
  readonly now?: () => number;
}

const AT_ONCE = 10;
/** Longer than a delivery takes: until then no other replica takes the same rows. */
const CLAIM_MS = 120_000;
const RETRY_MS = [5_000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000];

const row = z.object({
  id: z.coerce.string(),
  kind: z.string(),
  recipient: z.string(),
  data: z.string(),
  attempts: z.number(),
  expiresAt: z.date(),
});
type Row = z.output<typeof row>;

/**
 * Sends what waits in the outbox. A replica claims rows for a while, so that each is sent by one; after
 * a crash in the middle of it a message can come twice, with the same id, and none is lost.
 */
export function mailJob(options: MailSenderOptions): Job {
  const { database, deliver, composers, log, everyMs = 1_000, now = Date.now } = options;

  async function claim(): Promise<Row[]> {
    const at = new Date(now());
    const claimId = randomBytes(16).toString('base64url');
    const { affectedRows } = await database.run(
      `UPDATE mail_outbox SET claim = ?, due_at = ?, attempts = attempts + 1
       WHERE state = 'waiting' AND due_at <= ? ORDER BY due_at, id LIMIT ${AT_ONCE}`,
      [claimId, new Date(at.getTime() + CLAIM_MS), at],
    );
    if (affectedRows === 0) return [];
    return database.query(
      `SELECT id, kind, recipient, data, attempts, expires_at AS expiresAt
       FROM mail_outbox WHERE claim = ? ORDER BY id`,
      [claimId],
      row,
    );
  }

  /** What it held goes with it: addresses and words of people are not kept. */
  const settle = (id: string, state: 'sent' | 'failed', reason: string | null) =>
    database.run(
      `UPDATE mail_outbox SET state = ?, reason = ?, data = '{}', recipient = '', settled_at = ?
       WHERE id = ?`,
      [state, reason, new Date(now()), id],
    );

  async function send(mail: Row): Promise<void> {
    const { id, kind, recipient: to, attempts } = mail;
    const compose = composers[kind];
    if (!compose || mail.expiresAt.getTime() <= now()) {
      const reason = compose ? 'expired' : 'unknown_kind';
      log.warn({ mail: id, kind, attempts, reason }, 'mail given up');
      await settle(id, 'failed', reason);
      return;
    }
    try {
      const message = await compose(JSON.parse(mail.data), to);
      if (message) await deliver({ ...message, to, id });
      await settle(id, 'sent', message ? null : 'nothing_to_say');
    } catch (error) {
      const refused = error instanceof MailRefused;
      log.warn({ mail: id, kind, attempts, refused, reason: reasonOf(error) }, 'mail not sent');
      if (refused) await settle(id, 'failed', 'refused');
      else await delay(id, attempts);
    }
  }

  const delay = (id: string, attempts: number) =>
    database.run('UPDATE mail_outbox SET due_at = ? WHERE id = ?', [
      new Date(now() + (RETRY_MS[attempts - 1] ?? 3_600_000)),
      id,
    ]);

  /** Another replica need not wait until the claim of one that stops is over. */
  async function giveBack(mails: readonly Row[]): Promise<void> {
    for (const { id } of mails) {
      const sql = 'UPDATE mail_outbox SET due_at = ?, attempts = attempts - 1 WHERE id = ?';
      await database.run(sql, [new Date(now()), id]);
    }
  }

  return {
    name: 'mail',
    everyMs,
    async run(signal) {
      for (;;) {
        const claimed = await claim();
        for (const [index, mail] of claimed.entries()) {
          if (signal.aborted) return giveBack(claimed.slice(index));
          await send(mail);
        }
        if (claimed.length < AT_ONCE) return;
      }
    },
  };
}

/** The code of an error: its message may hold addresses. */
const reasonOf = (error: unknown) =>
  (error as { code?: string }).code ?? (error as Error).name ?? 'unknown';
