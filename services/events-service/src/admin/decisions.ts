import type { Caller } from '@whatsthecraic/platform/caller';
import type { Database, Queries } from '@whatsthecraic/platform/database';
import { audit } from '@whatsthecraic/platform/directory/audit';
import { InvalidRequest } from '@whatsthecraic/platform/errors';
import { findPage, idsIn } from '@whatsthecraic/platform/page';
import { Conditions } from '@whatsthecraic/platform/sql';
import { z } from 'zod';
import { canonicalisePending } from '../store/canonicalise.ts';
import type { decision } from './contract.ts';
import { MatchNotFound, RowNotFound, RowsInTwoCities } from './errors.ts';

type MatchDecision = z.output<typeof decision>;

const subject = { kind: 'match' } as const;
const decisionRow = z
  .object({
    id: z.int(),
    kind: z.enum(['together', 'apart']),
    oneId: z.int(),
    otherId: z.int(),
    reason: z.string(),
    decidedBy: z.int(),
    decidedAt: z.date(),
    undoneBy: z.int().nullable(),
    undoneAt: z.date().nullable(),
  })
  .transform(
    ({ decidedAt, undoneAt, ...rest }): MatchDecision => ({
      ...rest,
      decidedAt: decidedAt.toISOString(),
      undoneAt: undoneAt?.toISOString() ?? null,
    }),
  );
const COLUMNS = `d.id, d.kind, d.one_id AS oneId, d.other_id AS otherId, d.reason,
  d.decided_by AS decidedBy, d.decided_at AS decidedAt, d.undone_by AS undoneBy, d.undone_at AS undoneAt`;
const cityRow = z.object({ id: z.int(), city: z.string() });

interface NewDecision {
  readonly kind: MatchDecision['kind'];
  readonly oneId: number;
  readonly otherId: number;
  readonly reason: string;
}

/** Notes a decision in the place of an earlier one on the same rows, and makes the events anew. */
export async function decide(
  queries: Queries,
  { kind, reason, ...ids }: NewDecision,
  caller: Caller,
): Promise<MatchDecision> {
  const [oneId, otherId] = [Math.min(ids.oneId, ids.otherId), Math.max(ids.oneId, ids.otherId)];
  if (oneId === otherId) {
    throw new InvalidRequest([{ field: 'body.otherId', message: 'is the same row' }]);
  }
  const rows = await queries.query(
    'SELECT id, city FROM event_sources WHERE id IN (?, ?)',
    [oneId, otherId],
    cityRow,
  );
  const [one, other] = [oneId, otherId].map((id) => rows.find((it) => it.id === id));
  if (!one) throw new RowNotFound(oneId);
  if (!other) throw new RowNotFound(otherId);
  if (one.city !== other.city) throw new RowsInTwoCities(one.city, other.city);
  await queries.run(
    `UPDATE match_decisions SET undone_by = ?, undone_at = NOW(3)
     WHERE one_id = ? AND other_id = ? AND undone_at IS NULL`,
    [caller.id, oneId, otherId],
  );
  const { insertId } = await queries.run(
    `INSERT INTO match_decisions (kind, one_id, other_id, reason, decided_by, decided_at)
     VALUES (?, ?, ?, ?, ?, NOW(3))`,
    [kind, oneId, otherId, reason, caller.id],
  );
  await matchAnew(queries, [oneId, otherId]);
  const fields = { kind, oneId, otherId, reason };
  await audit(queries, subject, { id: insertId, action: 'decide', caller, fields });
  return known(queries, insertId);
}

/** Takes a decision back; one that is taken back already stays so. */
export async function undo(queries: Queries, id: number, caller: Caller): Promise<MatchDecision> {
  const before = await known(queries, id);
  if (before.undoneAt !== null) return before;
  await queries.run('UPDATE match_decisions SET undone_by = ?, undone_at = NOW(3) WHERE id = ?', [
    caller.id,
    id,
  ]);
  await part(queries, before);
  await matchAnew(queries, [before.oneId, before.otherId]);
  await audit(queries, subject, { id, action: 'undo', caller, fields: {} });
  return known(queries, id);
}

/** Nights that a decision alone held together are looked at apart again: the event stays with the first row’s. */
async function part(queries: Queries, { kind, oneId }: MatchDecision): Promise<void> {
  if (kind === 'apart') return;
  const [one] = await queries.query(
    `SELECT event_id AS eventId, DATE_FORMAT(night, '%Y-%m-%d') AS night FROM event_sources WHERE id = ?`,
    [oneId],
    z.object({ eventId: z.int().nullable(), night: z.string() }),
  );
  if (!one || one.eventId === null) return;
  const leaving = await queries.query(
    'SELECT id FROM event_sources WHERE event_id = ? AND night <> ? AND former_night IS NULL',
    [one.eventId, one.night],
    z.object({ id: z.int() }),
  );
  for (const { id } of leaving) {
    await queries.run('UPDATE event_sources SET event_id = NULL, pending = 1 WHERE id = ?', [id]);
  }
}

async function matchAnew(queries: Queries, ids: readonly [number, number]): Promise<void> {
  await queries.run('UPDATE event_sources SET pending = 1 WHERE id IN (?, ?)', ids);
  await canonicalisePending(queries, ids);
}

async function known(queries: Queries, id: number): Promise<MatchDecision> {
  const sql = `SELECT ${COLUMNS} FROM match_decisions d WHERE d.id = ?`;
  const [found] = await queries.query(sql, [id], decisionRow);
  if (!found) throw new MatchNotFound(id);
  return found;
}

/** Those that count, on any of these rows. */
export const decisionsOn = (queries: Queries, ids: readonly number[]): Promise<MatchDecision[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : queries.search(
        `SELECT ${COLUMNS} FROM match_decisions d WHERE d.undone_at IS NULL
         AND (${idsIn('d.one_id', ids)} OR ${idsIn('d.other_id', ids)}) ORDER BY d.id`,
        [...ids, ...ids],
        decisionRow,
      );

export function listDecisions(
  database: Database,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
) {
  return findPage(
    database,
    {
      from: 'match_decisions d',
      id: 'd.id',
      where: new Conditions(),
      key: { sql: 'd.id', schema: z.int().positive() },
      descending: true,
      limit,
      cursor,
    },
    (ids) =>
      database.search(
        `SELECT ${COLUMNS} FROM match_decisions d WHERE ${idsIn('d.id', ids)}`,
        ids,
        decisionRow,
      ),
  );
}
