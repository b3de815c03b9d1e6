import { cutPage, decodeCursor } from '@whatsthecraic/platform/cursor';
import type { Database } from '@whatsthecraic/platform/database';
import { findGenreIds, genreList, genresOf } from '@whatsthecraic/platform/genre-names';
import { Conditions, limitSql, placeholders } from '@whatsthecraic/platform/sql';
import { parseTextQuery } from '@whatsthecraic/platform/text-query';
import { z } from 'zod';
import type { dj } from '../contract.ts';

type Dj = z.output<typeof dj>;

interface DjSearch {
  readonly q?: string | undefined;
  readonly city?: string | undefined;
  readonly genre?: string | undefined;
  readonly feeMax?: number | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

interface DjPage {
  readonly djs: Dj[];
  readonly nextCursor: string | null;
  readonly hasMore: boolean;
}

export interface DjStore {
  search(search: DjSearch): Promise<DjPage>;
  findById(id: number): Promise<Dj | undefined>;
}

/** Named one by one: whatever column is added later stays inside until somebody adds it here. */
const columns = `d.id, d.name, d.city, d.bio, d.fee_minor AS feeMinor, d.currency,
  ${genresOf('dj_genres', 'dj_id', 'd.id')} AS genres`;

const djRow = z
  .object({
    id: z.int(),
    name: z.string(),
    city: z.string(),
    bio: z.string().nullable(),
    feeMinor: z.int().nullable(),
    currency: z.string(),
    genres: genreList,
  })
  .transform(
    ({ feeMinor, currency, ...rest }): Dj => ({
      ...rest,
      fee: feeMinor === null ? null : { amount: feeMinor / 100, currency },
    }),
  );

const cursorKeys = z.tuple([z.string(), z.int().positive()]);

export function createDjStore(database: Database): DjStore {
  return {
    async search(search) {
      const { genre } = search;
      const genreIds = genre === undefined ? undefined : await findGenreIds(database, [genre]);
      if (genreIds?.length === 0) return { djs: [], nextCursor: null, hasMore: false };
      const { sql, values } = searchSql(search, genreIds);
      const found = await database.search(sql, values, djRow);
      const page = cutPage(found, search.limit, (it) => [it.name, it.id]);
      return { djs: [...page.rows], nextCursor: page.nextCursor, hasMore: page.hasMore };
    },
    async findById(id) {
      const [found] = await database.query(
        `SELECT ${columns} FROM djs d WHERE d.id = ?`,
        [id],
        djRow,
      );
      return found;
    },
  };
}

function searchSql(search: DjSearch, genreIds: readonly number[] | undefined) {
  const where = new Conditions();
  if (search.cursor) {
    const [name, id] = decodeCursor(search.cursor, cursorKeys);
    where.add('d.name >= ? AND (d.name > ? OR d.id > ?)', name, name, id);
  }
  if (search.city !== undefined) where.add('d.city = ?', search.city);
  if (search.feeMax !== undefined) where.add('d.fee_minor <= ?', Math.round(search.feeMax * 100));
  if (search.q !== undefined) {
    const { boolean, likes } = parseTextQuery(search.q);
    if (boolean) where.add('MATCH (d.name, d.bio) AGAINST (? IN BOOLEAN MODE)', boolean);
    for (const like of likes) where.add("CONCAT_WS(' ', '', d.name, d.bio) LIKE ?", like);
  }
  if (genreIds) {
    const list = placeholders(genreIds);
    where.add(
      `EXISTS (SELECT 1 FROM dj_genres x WHERE x.dj_id = d.id AND x.genre_id IN (${list}))`,
      ...genreIds,
    );
  }
  const sql = `SELECT ${columns} FROM djs d WHERE ${where.sql}
    ORDER BY d.name, d.id ${limitSql(search.limit + 1)}`;
  return { sql, values: where.values };
}
