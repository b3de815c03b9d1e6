import { z } from 'zod';
import { type Caller, ROLES } from '../caller.ts';
import { requestContext } from '../context.ts';
import { pageQuery } from '../cursor.ts';
import type { Database, Queries } from '../database.ts';
import { findPage, idsIn, type Page } from '../page.ts';
import { Conditions } from '../sql.ts';
import type { Subject } from './subject.ts';

export const ACTIONS = ['create', 'update', 'delete', 'window_add', 'window_remove'] as const;

/** One change of the directory: who did what, when, and which fields it was about. */
export const change = z
  .object({
    id: z.int().positive(),
    action: z.enum(ACTIONS),
    at: z.iso.datetime(),
    by: z.object({ id: z.int().positive(), role: z.enum(ROLES) }),
    fields: z
      .record(z.string(), z.unknown())
      .describe('What was written; contact data by name only'),
    requestId: z.string().nullable(),
  })
  .describe('A change of an entry');

export const changesPage = z.object({
  changes: z.array(change),
  nextCursor: z.string().nullable(),
  hasMore: z.boolean(),
});

export const changesQuery = z.strictObject(pageQuery);

export interface NewChange {
  readonly id: number;
  readonly action: (typeof ACTIONS)[number] | 'request' | 'decide' | 'undo';
  readonly caller: Caller;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Notes a change in the transaction that makes it. */
export async function audit(
  queries: Queries,
  subject: { readonly kind: Subject['kind'] | 'match' | 'source' },
  { id, action, caller, fields }: NewChange,
): Promise<void> {
  await queries.run(
    `INSERT INTO directory_audit (subject, subject_id, action, actor_id, actor_role, fields, request_id)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    [
      subject.kind,
      id,
      action,
      caller.id,
      caller.role,
      JSON.stringify(withoutContact(fields)),
      requestContext.getStore()?.requestId ?? null,
    ],
  );
}

/** A history is kept when its subject is gone; how to reach a person is not. */
const withoutContact = ({ contact, ...fields }: NewChange['fields']) =>
  contact === undefined ? fields : { ...fields, contact: Object.keys(contact ?? {}) };

const auditRow = z
  .object({
    id: z.int(),
    action: z.enum(ACTIONS),
    at: z.date(),
    actorId: z.int(),
    actorRole: z.enum(ROLES),
    fields: z.string(),
    requestId: z.string().nullable(),
  })
  .transform(({ at, actorId, actorRole, fields, ...rest }) => ({
    ...rest,
    at: at.toISOString(),
    by: { id: actorId, role: actorRole },
    fields: JSON.parse(fields) as Record<string, unknown>,
  }));

export type Change = z.output<typeof change>;

/** An entry's history, newest first; also of one that has been deleted. */
export function findChanges(
  database: Database,
  { kind }: Subject,
  id: number,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Page<Change>> {
  const where = new Conditions();
  where.add('a.subject = ? AND a.subject_id = ?', kind, id);
  return findPage(
    database,
    {
      from: 'directory_audit a',
      id: 'a.id',
      where,
      key: { sql: 'a.id', schema: z.int().positive() },
      descending: true,
      limit,
      cursor,
    },
    (ids) =>
      database.search(
        `SELECT a.id, a.action, a.at, a.actor_id AS actorId, a.actor_role AS actorRole, a.fields,
           a.request_id AS requestId FROM directory_audit a WHERE ${idsIn('a.id', ids)}`,
        ids,
        auditRow,
      ),
  );
}
