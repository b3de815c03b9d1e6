import type { Queries } from '@whatsthecraic/platform/database';
import { Conditions, limitSql, placeholders } from '@whatsthecraic/platform/sql';
import { z } from 'zod';
import type { Choices, EventFacts } from '../model/facts.ts';

/** An event as people see it, with what a model may know of it. */
export interface CanonicalEvent extends EventFacts {
  readonly title: string;
  readonly venueId: number | null;
  /** Whether it may be recommended at all. */
  readonly open: boolean;
}

/**
 * All that is read of events and of what people chose. Nothing here, nor in `actions.ts`, comes from
 * Spotify or any other music service: their terms forbid that it trains or feeds a model.
 */
export const CANONICAL_TABLES = [
  ...['events', 'venues', 'event_genres', 'genres', 'event_artists', 'artists'],
  'user_preferences',
];

/** Of an event `e`: on, no double of another one, and still known by a source. */
const OPEN = "e.status = 'scheduled' AND e.merged_into IS NULL AND e.withdrawn_at IS NULL";

const PAGE = 1_000;

const row = z.object({
  id: z.int(),
  title: z.string(),
  startsAt: z.date(),
  announcedAt: z.date(),
  city: z.string(),
  venueId: z.int().nullable(),
  venue: z.string().nullable(),
  open: z.int().transform(Boolean),
  price: z.int().nullable(),
});
const artistRow = z.object({ event: z.int(), name: z.string() });
const genreRow = z.object({ event: z.int(), name: z.string(), family: z.string() });

async function read(database: Queries, where: Conditions, order: string) {
  const found = await database.search(
    `SELECT e.id, e.title, e.starts_at AS startsAt, e.created_at AS announcedAt, e.city,
       e.venue_id AS venueId, v.name AS venue,
       CAST(${OPEN} AS SIGNED) AS open,
       IF(e.currency = 'EUR', e.price_min_minor, NULL) AS price
     FROM events e LEFT JOIN venues v ON v.id = e.venue_id
     WHERE ${where.sql} ORDER BY ${order} ${limitSql(PAGE)}`,
    where.values,
    row,
  );
  return found.length === 0 ? [] : withNames(database, found);
}

async function withNames(
  database: Queries,
  rows: readonly z.output<typeof row>[],
): Promise<CanonicalEvent[]> {
  const ids = rows.map(({ id }) => id);
  const genres = await database.search(
    `SELECT eg.event_id AS event, g.name, COALESCE(p.name, g.name) AS family
     FROM event_genres eg JOIN genres g ON g.id = eg.genre_id LEFT JOIN genres p ON p.id = g.parent_id
     WHERE eg.event_id IN (${placeholders(ids)}) ORDER BY eg.event_id, g.id`,
    ids,
    genreRow,
  );
  const artists = await database.search(
    `SELECT ea.event_id AS event, a.name FROM event_artists ea JOIN artists a ON a.id = ea.artist_id
     WHERE ea.event_id IN (${placeholders(ids)}) ORDER BY ea.event_id, ea.position, a.id`,
    ids,
    artistRow,
  );
  const artistsOf = Map.groupBy(artists, ({ event }) => event);
  const byEvent = Map.groupBy(genres, ({ event }) => event);
  return rows.map(({ startsAt, announcedAt, ...rest }) => {
    const own = byEvent.get(rest.id) ?? [];
    return {
      ...rest,
      startsAt: startsAt.getTime(),
      announcedAt: announcedAt.getTime(),
      artists: (artistsOf.get(rest.id) ?? []).map(({ name }) => name),
      genres: own.map(({ name }) => name),
      families: [...new Set(own.map(({ family }) => family))],
    };
  });
}

/** Every event, in pages, so that no statement is long and none holds the others up. */
export async function* allEvents(database: Queries): AsyncGenerator<CanonicalEvent[]> {
  for (let after = 0; ; ) {
    const where = new Conditions();
    where.add('e.id > ?', after);
    const page = await read(database, where, 'e.id');
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.id ?? 0;
  }
}

/** What may be recommended from `from` until before `to`. */
export async function upcomingEvents(
  database: Queries,
  from: Date,
  to: Date,
): Promise<CanonicalEvent[]> {
  const all: CanonicalEvent[] = [];
  for (let last = { startsAt: from.getTime(), id: 0 }; ; ) {
    const where = new Conditions();
    const at = new Date(last.startsAt);
    where.add('e.starts_at >= ? AND e.starts_at < ?', at, to);
    where.add('(e.starts_at > ? OR e.id > ?)', at, last.id);
    where.add(OPEN);
    const page = await read(database, where, 'e.starts_at, e.id');
    all.push(...page);
    if (page.length < PAGE) return all;
    last = page.at(-1) ?? last;
  }
}

export async function eventsOf(
  database: Queries,
  ids: readonly number[],
): Promise<CanonicalEvent[]> {
  if (ids.length === 0) return [];
  const where = new Conditions();
  const some = ids.slice(0, PAGE);
  where.add(`e.id IN (${placeholders(some)})`, ...some);
  return read(database, where, 'e.id');
}

/**
 * Which of these have not been called off, nor begun, and are not what one of the settled events turned
 * out to be.
 */
export async function stillOpen(
  database: Queries,
  ids: readonly number[],
  { now, settled }: { readonly now: Date; readonly settled: ReadonlySet<number> },
): Promise<Set<number>> {
  if (ids.length === 0) return new Set();
  const where = new Conditions();
  where.add(`e.id IN (${placeholders(ids)})`, ...ids);
  where.add(OPEN);
  where.add('e.starts_at > ?', now);
  if (settled.size > 0) {
    where.add(
      `NOT EXISTS (SELECT 1 FROM events m WHERE m.merged_into = e.id
         AND m.id IN (${placeholders([...settled])}))`,
      ...settled,
    );
  }
  const sql = `SELECT e.id FROM events e WHERE ${where.sql}`;
  const found = await database.search(sql, where.values, z.object({ id: z.int() }));
  return new Set(found.map(({ id }) => id));
}

/** A column that holds a list of names as JSON. */
const names = z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text)));
const choiceRow = z.object({
  user: z.int(),
  genres: names,
  cities: names,
  artists: names,
  venues: names,
});
const CHOICES = 'SELECT user_id AS user, genres, cities, artists, venues FROM user_preferences';

export async function choicesOf(database: Queries, user: number): Promise<Choices | undefined> {
  const [found] = await database.query(`${CHOICES} WHERE user_id = ?`, [user], choiceRow);
  return found;
}

export async function allChoices(database: Queries): Promise<Map<number, Choices>> {
  const all = new Map<number, Choices>();
  for (let after = 0; ; ) {
    const page = await database.query(
      `${CHOICES} WHERE user_id > ? ORDER BY user_id ${limitSql(PAGE)}`,
      [after],
      choiceRow,
    );
    for (const { user, ...choices } of page) all.set(user, choices);
    if (page.length < PAGE) return all;
    after = page.at(-1)?.user ?? 0;
  }
}
