import { z } from 'zod';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { Database, SqlValue } from './database.ts';
import { type Conditions, limitSql, placeholders } from './sql.ts';

/** What a list is sorted by, before the number that makes the order total. */
export interface SortKey {
  readonly sql: string;
  /** Values of the placeholders in `sql`. */
  readonly values?: readonly SqlValue[];
  /** How the key of a cursor becomes a value again. */
  readonly schema: z.ZodType<SqlValue>;
}

export interface List {
  /** `djs d`, or more where a condition needs it. */
  readonly from: string;
  readonly fromValues?: readonly SqlValue[];
  readonly id: string;
  readonly where: Conditions;
  readonly key: SortKey;
  readonly descending?: boolean;
  readonly limit: number;
  readonly cursor: string | undefined;
}

export interface Found<T> {
  readonly item: T;
  readonly key: SqlValue;
}

export interface Page<T> {
  readonly found: readonly Found<T>[];
  readonly nextCursor: string | null;
  readonly hasMore: boolean;
}

export const emptyPage = { found: [], nextCursor: null, hasMore: false } as const;

const keyRow = z.object({
  id: z.int(),
  sortKey: z.union([z.string(), z.number(), z.date()]),
});

/**
 * Narrower parts of a list before the list itself, all in its order and each the beginning of the next:
 * the first that holds more than a page is enough.
 */
export type Widening = readonly [List, ...List[]];

/**
 * One page of a list: first the numbers and keys of its rows, by index alone, then these few rows. In
 * one statement MariaDB refuses it for a spatial search ("Update locks cannot be acquired"), and what
 * a row costs to make would be paid for each one that is sorted away.
 */
export async function findPage<T extends { readonly id: number }>(
  database: Database,
  list: List | Widening,
  load: (ids: readonly number[]) => Promise<readonly T[]>,
): Promise<Page<T>> {
  const { keys, limit } = await findKeys(database, 'limit' in list ? [list] : list);
  const page = keys.slice(0, limit);
  if (page.length === 0) return emptyPage;
  const items = await load(page.map(({ id }) => id));
  const byId = new Map(items.map((item) => [item.id, item]));
  const hasMore = keys.length > limit;
  const last = page.at(-1);
  return {
    found: page.flatMap(({ id, sortKey }) => {
      const item = byId.get(id);
      return item ? [{ item, key: sortKey }] : [];
    }),
    hasMore,
    nextCursor: hasMore && last ? encodeCursor([toJson(last.sortKey), last.id]) : null,
  };
}

async function findKeys(database: Database, lists: Widening) {
  let found: z.output<typeof keyRow>[] = [];
  for (const list of lists) {
    const { sql, values } = keysSql(list);
    found = await database.search(sql, values, keyRow);
    if (found.length > list.limit) break;
  }
  return { keys: found, limit: lists[0].limit };
}

/** The statement for a page's keys; exported so that its plan can be asked for. */
export function keysSql({
  from,
  fromValues = [],
  id,
  where,
  key,
  descending = false,
  limit,
  cursor,
}: List): { sql: string; values: readonly SqlValue[] } {
  const { sql: sortKey, values: keyValues = [] } = key;
  const [after, order] = descending ? ['<', 'DESC'] : ['>', 'ASC'];
  const values = [...keyValues, ...fromValues, ...where.values];
  let conditions = where.sql;
  if (cursor !== undefined) {
    const [last, lastId] = decodeCursor(cursor, z.tuple([key.schema, z.int().positive()]));
    // Expanded, since neither server reads a range of the index for `(a, b) > (?, ?)`:
    // https://dev.mysql.com/doc/refman/8.4/en/row-constructor-optimization.html
    conditions += ` AND ${sortKey} ${after}= ? AND (${sortKey} ${after} ? OR ${id} ${after} ?)`;
    values.push(...keyValues, last, ...keyValues, last, lastId);
  }
  const sql = `SELECT ${id} AS id, ${sortKey} AS sortKey FROM ${from} WHERE ${conditions}
    ORDER BY sortKey ${order}, ${id} ${order} ${limitSql(limit + 1)}`;
  return { sql, values };
}

/** `id IN (…)` for the rows of a page. */
export const idsIn = (column: string, ids: readonly number[]) =>
  `${column} IN (${placeholders(ids)})`;

const toJson = (key: string | number | Date) => (key instanceof Date ? key.toISOString() : key);
