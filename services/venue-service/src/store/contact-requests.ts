import type { Database, Queries } from '@whatsthecraic/platform/database';
import { settledMails } from '@whatsthecraic/platform/mail/outbox';
import { findPage, idsIn } from '@whatsthecraic/platform/page';
import { Conditions } from '@whatsthecraic/platform/sql';
import { z } from 'zod';
import { type ContactRequest, contactRequest } from '../contract/contact-requests.ts';
import type { Kind } from '../contract/shortlist.ts';

const columns = `c.id, c.plan_id AS planId, c.kind, c.item_id AS itemId, c.name, c.message, c.status,
  c.reason, c.note, c.created_at AS createdAt, c.sent_at AS sentAt`;

const row = contactRequest.extend({ createdAt: z.date(), sentAt: z.date().nullable() }).transform(
  ({ createdAt, sentAt, ...rest }): ContactRequest => ({
    ...rest,
    createdAt: createdAt.toISOString(),
    sentAt: sentAt?.toISOString() ?? null,
  }),
);

export async function findContactRequest(queries: Queries, id: number, userId: number) {
  const sql = `SELECT ${columns} FROM contact_requests c WHERE c.id = ? AND c.user_id = ?`;
  const [found] = await queries.query(sql, [id, userId], row);
  return found;
}

export interface ContactRequestSearch {
  readonly userId: number;
  readonly planId?: number | undefined;
  readonly status?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export async function listContactRequests(database: Database, search: ContactRequestSearch) {
  const { userId, planId, status, limit, cursor } = search;
  const where = new Conditions();
  where.add('c.user_id = ?', userId);
  if (planId !== undefined) where.add('c.plan_id = ?', planId);
  if (status !== undefined) where.add('c.status = ?', status);
  const { found, ...rest } = await findPage(
    database,
    {
      ...{ from: 'contact_requests c', id: 'c.id', where, limit, cursor, descending: true },
      key: { sql: 'c.id', schema: z.int().positive() },
    },
    (ids) =>
      database.search(
        `SELECT ${columns} FROM contact_requests c WHERE ${idsIn('c.id', ids)}`,
        ids,
        row,
      ),
  );
  return { contactRequests: found.map(({ item }) => item), ...rest };
}

export interface NewContactRequest {
  readonly userId: number;
  readonly planId: number | null;
  readonly kind: Kind;
  readonly itemId: number;
  readonly name: string;
  readonly message: string;
  readonly mailId: number;
}

export async function insertContactRequest(
  queries: Queries,
  { userId, planId, kind, itemId, name, message, mailId }: NewContactRequest,
): Promise<number> {
  const { insertId } = await queries.run(
    `INSERT INTO contact_requests (user_id, plan_id, kind, item_id, name, message, mail_id)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    [userId, planId, kind, itemId, name, message, mailId],
  );
  return insertId;
}

/** Whether this organizer has a letter to them under way or sent since then. */
export async function hasFreshRequest(
  queries: Queries,
  { userId, kind, itemId, since }: { userId: number; kind: Kind; itemId: number; since: Date },
): Promise<boolean> {
  // One organizer's letters come one after the other, so that two at once do not both find none.
  await queries.query('SELECT id FROM users WHERE id = ? FOR UPDATE', [userId], z.unknown());
  const found = await queries.query(
    `SELECT id FROM contact_requests
     WHERE user_id = ? AND kind = ? AND item_id = ? AND status <> 'failed' AND created_at > ?
     LIMIT 1 FOR UPDATE`,
    [userId, kind, itemId, since],
    z.unknown(),
  );
  return found.length > 0;
}

export async function noteOutcome(
  queries: Queries,
  id: number,
  { status, note }: { status: string; note: string | null | undefined },
): Promise<void> {
  await queries.run('UPDATE contact_requests SET status = ?, note = IF(?, ?, note) WHERE id = ?', [
    ...[status, note === undefined ? 0 : 1, note ?? null, id],
  ]);
}

const waiting = z.object({ id: z.int(), mailId: z.int() });

export async function mailOf(queries: Queries, id: number): Promise<number | undefined> {
  const sql = 'SELECT id, mail_id AS mailId FROM contact_requests WHERE id = ? FOR UPDATE';
  const [found] = await queries.query(sql, [id], waiting);
  return found?.mailId;
}

export async function deleteContactRequest(queries: Queries, id: number): Promise<void> {
  await queries.run('DELETE FROM contact_requests WHERE id = ?', [id]);
}

/** Takes over from the outbox what became of letters; the outbox keeps it for some days only. */
export async function followMails(database: Database): Promise<void> {
  const open = await database.query(
    `SELECT id, mail_id AS mailId FROM contact_requests WHERE status = 'waiting'
     ORDER BY id LIMIT 500`,
    [],
    waiting,
  );
  if (open.length === 0) return;
  const mails = await settledMails(
    database,
    open.map(({ mailId }) => mailId),
  );
  for (const { id: mailId, state, reason, settledAt } of mails) {
    // A mail that had nothing to say, since its sender has no confirmed address, was not sent.
    const sent = state === 'sent' && reason === null;
    await database.run(
      `UPDATE contact_requests SET status = ?, reason = ?, sent_at = ?
       WHERE mail_id = ? AND status = 'waiting'`,
      [sent ? 'sent' : 'failed', reason, sent ? settledAt : null, mailId],
    );
  }
}
