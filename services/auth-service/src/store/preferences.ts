import type { Database, SqlValue } from '@whatsthecraic/platform/database';
import { z } from 'zod';

const LISTS = ['genres', 'artists', 'cities', 'venues', 'djs', 'nights'] as const;
type ListName = (typeof LISTS)[number];

export type PreferencesChange = { readonly [K in ListName]?: readonly string[] | undefined } & {
  readonly budgetMax?: number | null | undefined;
  readonly radiusKm?: number | null | undefined;
};

/** A list as its column holds it; both servers hand it out as text. */
const list = z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text)));

const row = z
  .object({
    genres: list,
    artists: list,
    cities: list,
    venues: list,
    djs: list,
    nights: list,
    budgetMaxMinor: z.number().nullable(),
    radiusKm: z.number().nullable(),
    updatedAt: z.date(),
  })
  .transform(({ budgetMaxMinor, updatedAt, nights, ...rest }) => ({
    ...rest,
    nights: nights as ('mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun')[],
    budgetMax: budgetMaxMinor === null ? null : budgetMaxMinor / 100,
    updatedAt: updatedAt.toISOString(),
  }));

const nothingYet = {
  ...{ genres: [], artists: [], cities: [], venues: [], djs: [], nights: [] },
  ...{ budgetMax: null, radiusKm: null, updatedAt: null },
};

export async function readPreferences(database: Database, userId: number) {
  const sql = `SELECT ${LISTS.join(', ')}, budget_max_minor AS budgetMaxMinor,
      radius_km AS radiusKm, updated_at AS updatedAt
    FROM user_preferences WHERE user_id = ?`;
  const [found] = await database.query(sql, [userId], row);
  return found ?? nothingYet;
}

const COLUMNS = [...LISTS, 'budget_max_minor', 'radius_km'];

/** One statement whatever changes, so that two changes at once lose nothing of each other. */
const UPSERT = `INSERT INTO user_preferences (user_id, ${COLUMNS.join(', ')}, updated_at)
  VALUES (?, ${COLUMNS.map(() => '?').join(', ')}, ?)
  ON DUPLICATE KEY UPDATE
    ${COLUMNS.map((column) => `${column} = IF(?, VALUES(${column}), ${column})`).join(', ')},
    updated_at = VALUES(updated_at)`;

export async function changePreferences(
  database: Database,
  userId: number,
  change: PreferencesChange,
  at: Date,
): Promise<void> {
  const { budgetMax, radiusKm } = change;
  const values: SqlValue[] = [
    ...LISTS.map((name) => JSON.stringify(change[name] ?? [])),
    budgetMax == null ? null : Math.round(budgetMax * 100),
    radiusKm ?? null,
  ];
  const named = [...LISTS.map((name) => change[name]), budgetMax, radiusKm].map((it) =>
    it === undefined ? 0 : 1,
  );
  if (!named.includes(1)) return;
  await database.run(UPSERT, [userId, ...values, at, ...named]);
}
