import { z } from 'zod';
import type { Caller } from '../caller.ts';
import type { Database, Queries } from '../database.ts';
import { HttpError, InvalidRequest, NotFound } from '../errors.ts';
import { moment } from '../fields.ts';
import type { Conditions } from '../sql.ts';
import { idColumn, type Subject, tableOf } from './subject.ts';

export const KINDS = ['available', 'booked'] as const;

/** The longest window, also in the schema: it bounds what a search for a day has to look at. */
export const LONGEST_DAYS = 92;
const DAY_MS = 86_400_000;

export const window = z
  .object({
    id: z.int().positive(),
    startsAt: z.iso.datetime().describe('UTC'),
    endsAt: z.iso.datetime().describe('UTC; the first moment that is out of it'),
    kind: z.enum(KINDS).describe('available: offered; booked: taken, whatever is offered'),
  })
  .describe('A time of somebody’s calendar');
export type Window = z.output<typeof window>;

export const windowList = z.object({ windows: z.array(window) });

/** `to` has to lie behind `from`; said of the field that a person would correct. */
export const spanQuery = z.strictObject({
  from: moment.describe('First moment'),
  to: moment.describe('The first moment that is out of it'),
});

export const newWindow = z.strictObject({
  startsAt: moment,
  endsAt: moment,
  kind: z.enum(KINDS).default('available'),
});
export type NewWindow = z.output<typeof newWindow>;

export interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** A span as a request has it; throws when it ends before it begins or is too long. */
export function checkSpan(
  { from, to }: Span,
  [, end]: readonly [string, string],
  longestDays: number = LONGEST_DAYS,
): Span {
  const message =
    to <= from
      ? 'must be later than the start'
      : to.getTime() - from.getTime() > longestDays * DAY_MS
        ? `must be at most ${longestDays} days after the start`
        : undefined;
  if (message !== undefined) throw new InvalidRequest([{ field: end, message }]);
  return { from, to };
}

/** Another window of the kind has a moment in common with the new one. */
export class WindowsOverlap extends HttpError {
  override readonly name = 'WindowsOverlap';

  constructor({ id, startsAt, endsAt, kind }: Window) {
    const detail = `window ${id} (${kind}) lasts from ${startsAt} to ${endsAt}; choose another time, or delete it first`;
    super(409, 'windows_overlap', 'The time is taken', {
      detail,
      errors: [{ field: 'body.startsAt', message: detail }],
    });
  }
}

export class WindowNotFound extends NotFound {
  constructor(id: number) {
    super(`there is no window ${id} here`, 'window_not_found');
  }
}

const windowRow = z
  .object({
    id: z.int(),
    startsAt: z.date(),
    endsAt: z.date(),
    kind: z.enum(KINDS),
  })
  .transform(
    ({ startsAt, endsAt, ...rest }): Window => ({
      ...rest,
      startsAt: startsAt.toISOString(),
      endsAt: endsAt.toISOString(),
    }),
  );

const columns = 'w.id, w.starts_at AS startsAt, w.ends_at AS endsAt, w.kind';

/** What of an entry's calendar touches a span, in its order. */
export function findWindows(
  database: Database,
  subject: Subject,
  id: number,
  { from, to }: Span,
): Promise<Window[]> {
  return database.query(
    `SELECT ${columns} FROM ${tableOf(subject, 'windows')} w
     WHERE w.${idColumn(subject)} = ? AND w.starts_at < ? AND w.ends_at > ?
     ORDER BY w.starts_at, w.kind LIMIT 1000`,
    [id, to, from],
    windowRow,
  );
}

/**
 * Adds a window to an entry that this transaction has locked with `openEntry`: two writers of one
 * calendar come one after the other, so the second one sees what the first one took.
 */
export async function addWindow(
  queries: Queries,
  subject: Subject,
  id: number,
  { startsAt, endsAt, kind }: NewWindow,
  caller: Caller,
): Promise<Window> {
  const [table, column] = [tableOf(subject, 'windows'), idColumn(subject)];
  // A locking read: a plain one might show the calendar as it was when the transaction began.
  const [other] = await queries.query(
    `SELECT ${columns} FROM ${table} w
     WHERE w.${column} = ? AND w.kind = ? AND w.starts_at < ? AND w.ends_at > ?
     ORDER BY w.starts_at LIMIT 1 FOR UPDATE`,
    [id, kind, endsAt, startsAt],
    windowRow,
  );
  if (other) throw new WindowsOverlap(other);
  const { insertId } = await queries.run(
    `INSERT INTO ${table} (${column}, kind, starts_at, ends_at, created_by) VALUES (?, ?, ?, ?, ?)`,
    [id, kind, startsAt, endsAt, caller.id],
  );
  return {
    id: insertId,
    kind,
    startsAt: startsAt.toISOString(),
    endsAt: endsAt.toISOString(),
  };
}

export async function removeWindow(
  queries: Queries,
  subject: Subject,
  id: number,
  windowId: number,
): Promise<void> {
  const { affectedRows } = await queries.run(
    `DELETE FROM ${tableOf(subject, 'windows')} WHERE id = ? AND ${idColumn(subject)} = ?`,
    [windowId, id],
  );
  if (affectedRows === 0) throw new WindowNotFound(windowId);
}

/**
 * Only who is really free: what is offered covers the whole span, and no booking touches it. Windows of
 * one kind do not overlap, so those that touch the span cover it when their parts of it add up to it.
 */
export function addFreeCondition(
  where: Conditions,
  subject: Subject,
  alias: string,
  { from, to }: Span,
): void {
  const [table, column] = [tableOf(subject, 'windows'), idColumn(subject)];
  const earliest = new Date(from.getTime() - LONGEST_DAYS * DAY_MS);
  where.add(
    `${alias}.id IN (SELECT w.${column} FROM ${table} w
       WHERE w.kind = 'available' AND w.starts_at > ? AND w.starts_at < ? AND w.ends_at > ?
       GROUP BY w.${column}
       HAVING SUM(TIMESTAMPDIFF(MICROSECOND, GREATEST(w.starts_at, ?), LEAST(w.ends_at, ?)))
         >= TIMESTAMPDIFF(MICROSECOND, ?, ?))`,
    ...[earliest, to, from],
    ...[from, to],
    ...[from, to],
  );
  where.add(
    `NOT EXISTS (SELECT 1 FROM ${table} b WHERE b.${column} = ${alias}.id AND b.kind = 'booked'
       AND b.starts_at < ? AND b.ends_at > ?)`,
    ...[to, from],
  );
}
