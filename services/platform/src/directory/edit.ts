import { z } from 'zod';
import type { Caller } from '../caller.ts';
import { VersionConflict } from '../conditional.ts';
import type { Queries, SqlValue } from '../database.ts';
import { Forbidden } from '../errors.ts';
import type { Subject } from './subject.ts';

const lockedRow = z.object({ version: z.int(), ownerId: z.int().nullable() });

export interface Opened {
  readonly id: number;
  readonly caller: Caller;
  /** What the caller has seen; not compared when `undefined`. */
  readonly version: number | undefined;
}

/**
 * Locks an entry until the transaction ends, for somebody who may change it: whoever changes it or its
 * calendar waits here for the one before, and then sees what that one did.
 */
export async function openEntry(
  queries: Queries,
  subject: Subject,
  { id, caller, version }: Opened,
): Promise<void> {
  const sql = `SELECT version, owner_id AS ownerId FROM ${subject.table} WHERE id = ? FOR UPDATE`;
  const [row] = await queries.query(sql, [id], lockedRow);
  if (!row) throw subject.notFound(id);
  if (!mayChange(caller, row.ownerId)) {
    throw new Forbidden(`${subject.kind} ${id} is kept by another organizer; ask an admin`);
  }
  if (version !== undefined && version !== row.version) throw new VersionConflict();
}

/** What belongs to nobody belongs to all organizers; what one of them made, to that one and the admins. */
export const mayChange = (caller: Caller, ownerId: number | null): boolean =>
  caller.role === 'admin' ||
  (caller.role === 'organizer' && (ownerId === null || ownerId === caller.id));

/** A column's new value; `sql` where it is more than a placeholder. */
export interface Assignment {
  readonly column: string;
  readonly value: SqlValue;
  readonly sql?: string;
}

/** Writes what changed, and counts the change. */
export async function updateEntry(
  queries: Queries,
  { table }: Subject,
  id: number,
  assignments: readonly Assignment[],
): Promise<void> {
  const sets = [
    ...assignments.map(({ column, sql = '?' }) => `${column} = ${sql}`),
    'version = version + 1',
  ];
  await queries.run(`UPDATE ${table} SET ${sets.join(', ')} WHERE id = ?`, [
    ...assignments.map(({ value }) => value),
    id,
  ]);
}

/** Inserts an entry of the caller's; gives back its number. */
export async function insertEntry(
  queries: Queries,
  { table }: Subject,
  caller: Caller,
  assignments: readonly Assignment[],
): Promise<number> {
  const columns = [...assignments.map(({ column }) => column), 'owner_id'];
  const places = [...assignments.map(({ sql = '?' }) => sql), '?'];
  const { insertId } = await queries.run(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')})`,
    [...assignments.map(({ value }) => value), caller.id],
  );
  return insertId;
}

export async function deleteEntry(queries: Queries, { table }: Subject, id: number): Promise<void> {
  await queries.run(`DELETE FROM ${table} WHERE id = ?`, [id]);
}
