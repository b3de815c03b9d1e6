import type { Database, Queries, SqlValue } from '@whatsthecraic/platform/database';
import { findPage, idsIn } from '@whatsthecraic/platform/page';
import { Conditions } from '@whatsthecraic/platform/sql';
import { z } from 'zod';
import type { Plan } from '../contract/plans.ts';

export interface VersionedPlan {
  readonly plan: Plan;
  readonly version: number;
}

/** A list as its column holds it; both servers hand it out as text. */
const list = z.string().transform((json) => z.array(z.string()).parse(JSON.parse(json)));
const time = z.date().transform((at) => at.toISOString());

const columns = `p.id, p.name, p.city, p.starts_at AS startsAt, p.ends_at AS endsAt, p.capacity,
  p.budget_max_minor AS budgetMaxMinor, p.genres, p.gear_needs AS gearNeeds, p.vibe_tags AS vibeTags,
  p.notes, p.created_at AS createdAt, p.updated_at AS updatedAt, p.version`;

const row = z
  .object({
    id: z.int(),
    name: z.string(),
    city: z.string().nullable(),
    startsAt: time.nullable(),
    endsAt: time.nullable(),
    capacity: z.int().nullable(),
    budgetMaxMinor: z.int().nullable(),
    genres: list,
    gearNeeds: list,
    vibeTags: list,
    notes: z.string().nullable(),
    createdAt: time,
    updatedAt: time,
    version: z.int(),
  })
  .transform(
    ({ version, budgetMaxMinor, ...rest }): VersionedPlan => ({
      plan: { ...rest, budgetMax: budgetMaxMinor === null ? null : budgetMaxMinor / 100 },
      version,
    }),
  );

/** A plan of this user's; held until the transaction ends when it is to be changed. */
export async function findPlan(
  queries: Queries,
  id: number,
  userId: number,
  { forUpdate = false } = {},
): Promise<VersionedPlan | undefined> {
  const lock = forUpdate ? 'FOR UPDATE' : '';
  const sql = `SELECT ${columns} FROM event_plans p WHERE p.id = ? AND p.user_id = ? ${lock}`;
  const [found] = await queries.query(sql, [id, userId], row);
  return found;
}

export async function listPlans(
  database: Database,
  userId: number,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
) {
  const where = new Conditions();
  where.add('p.user_id = ?', userId);
  const { found, ...rest } = await findPage(
    database,
    {
      ...{ from: 'event_plans p', id: 'p.id', where, limit, cursor, descending: true },
      key: { sql: 'p.id', schema: z.int().positive() },
    },
    async (ids) => {
      const sql = `SELECT ${columns} FROM event_plans p WHERE ${idsIn('p.id', ids)}`;
      return (await database.search(sql, ids, row)).map(({ plan }) => plan);
    },
  );
  return { plans: found.map(({ item }) => item), ...rest };
}

/** A plan's columns with their new values. */
export type PlanColumns = Readonly<Record<string, SqlValue>>;

export async function insertPlan(
  queries: Queries,
  userId: number,
  columns: PlanColumns,
): Promise<number> {
  const names = ['user_id', ...Object.keys(columns)];
  const sql = `INSERT INTO event_plans (${names.join(', ')})
    VALUES (${names.map(() => '?').join(', ')})`;
  return (await queries.run(sql, [userId, ...Object.values(columns)])).insertId;
}

export async function updatePlan(
  queries: Queries,
  id: number,
  columns: PlanColumns,
): Promise<void> {
  const sets = [...Object.keys(columns).map((name) => `${name} = ?`), 'version = version + 1'];
  const sql = `UPDATE event_plans SET ${sets.join(', ')} WHERE id = ?`;
  await queries.run(sql, [...Object.values(columns), id]);
}

export async function deletePlan(queries: Queries, id: number): Promise<void> {
  await queries.run('DELETE FROM event_plans WHERE id = ?', [id]);
}
