import type { Database } from '@whatsthecraic/platform/database';
import { keysSql } from '@whatsthecraic/platform/page';
import { z } from 'zod';
import { irishDate } from '../domain/irish-time.ts';
import type { Wanted } from '../search/wanted.ts';
import { wholeList } from './event-list.ts';
import { resolve } from './events.ts';

/** As many as are counted: what a year has in one city. Counting more would cost more than it tells. */
const MOST_COUNTED = 5_000;

const factRow = z.object({ city: z.string(), startsAt: z.date(), price: z.int().nullable() });
const countRow = z.object({ name: z.string(), count: z.coerce.number() });
type Count = z.output<typeof countRow>;

export interface Facets {
  readonly counted: number;
  readonly isComplete: boolean;
  readonly genres: Count[];
  readonly cities: Count[];
  readonly days: Count[];
  readonly prices: { readonly free: number; readonly paid: number; readonly unknown: number };
  readonly sources: Count[];
}

const NOTHING: Facets = {
  counted: 0,
  isComplete: true,
  genres: [],
  cities: [],
  days: [],
  prices: { free: 0, paid: 0, unknown: 0 },
  sources: [],
};

/** Counts what a search finds: of the soonest, as many as are worth it. */
export async function countFacets(database: Database, wanted: Wanted): Promise<Facets> {
  const resolved = await resolve(database, wanted);
  if (!resolved) return NOTHING;
  const list = wholeList({ ...wanted, sort: 'soonest' }, resolved, { limit: 1 });
  const { sql, values } = keysSql({ ...list, limit: MOST_COUNTED });
  const some = `(${sql}) some`;
  const facts = await database.search(
    `SELECT e.city, e.starts_at AS startsAt, e.price_min_minor AS price
     FROM ${some} JOIN events e ON e.id = some.id`,
    values,
    factRow,
  );
  if (facts.length === 0) return NOTHING;
  const genres = await database.search(
    `SELECT g.name, COUNT(*) AS count FROM ${some} JOIN event_genres x ON x.event_id = some.id
     JOIN genres g ON g.id = x.genre_id GROUP BY g.id, g.name ORDER BY count DESC, g.name`,
    values,
    countRow,
  );
  const sources = await database.search(
    `SELECT x.source AS name, COUNT(DISTINCT some.id) AS count
     FROM ${some} JOIN event_sources x ON x.event_id = some.id
     GROUP BY x.source ORDER BY count DESC, x.source`,
    values,
    countRow,
  );
  const prices = countBy(facts.map(({ price }) => kindOf(price)));
  return {
    counted: Math.min(facts.length, MOST_COUNTED),
    isComplete: facts.length <= MOST_COUNTED,
    genres,
    cities: listed(countBy(facts.map(({ city }) => city))).sort((a, b) => b.count - a.count),
    days: listed(countBy(facts.map(({ startsAt }) => irishDate(startsAt)))).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    ),
    prices: {
      free: prices.get('free') ?? 0,
      paid: prices.get('paid') ?? 0,
      unknown: prices.get('unknown') ?? 0,
    },
    sources,
  };
}

const kindOf = (price: number | null) =>
  price === null ? 'unknown' : price === 0 ? 'free' : 'paid';

function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

const listed = (counts: ReadonlyMap<string, number>): Count[] =>
  [...counts].map(([name, count]) => ({ name, count }));
