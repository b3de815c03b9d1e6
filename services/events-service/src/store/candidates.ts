import type { Database } from '@whatsthecraic/platform/database';
import { keysSql } from '@whatsthecraic/platform/page';
import { Conditions, placeholders } from '@whatsthecraic/platform/sql';
import { z } from 'zod';
import { wordsOf } from '../canonical/normalise.ts';
import type { Profile } from '../feed/profile.ts';
import type { Candidate } from '../feed/rank.ts';
import type { Wanted } from '../search/wanted.ts';
import { wholeList } from './event-list.ts';
import { resolve } from './events.ts';
import { notMarked } from './marked.ts';

/** For each thing that somebody likes as many as this, the soonest first. */
const OF_EACH = 120;
/** ml-service judges no more at once. */
const MOST = 500;

/** How places are compared: without case, marks and signs. */
export const placeKey = (name: string) => wordsOf(name).join(' ');

const idRow = z.object({ id: z.int() });

/**
 * The events that may be in somebody's feed: what fits the query and has a liked artist, venue, genre or
 * place, wherever in the time asked for it is, and the soonest of the rest. Each kind is read by its own
 * index, so a gig of a loved band in three months is not behind a hundred others that come before it.
 */
export async function findCandidates(
  database: Database,
  wanted: Wanted,
  profile: Profile,
  userId: number,
): Promise<readonly number[]> {
  const resolved = await resolve(database, wanted);
  if (!resolved) return [];
  const list = wholeList(
    { ...wanted, sort: 'soonest' },
    { ...resolved, withoutHiddenOf: userId },
    { limit: OF_EACH },
  );
  const found = new Set<number>();
  for (const extra of kindsOf(profile, wanted)) {
    const where = new Conditions();
    where.join(list.where);
    // Known to its owner already.
    where.add(notMarked('save'), userId, userId);
    where.join(extra);
    const { sql, values } = keysSql({ ...list, where });
    for (const { id } of await database.search(sql, values, idRow)) found.add(id);
  }
  return [...found].slice(0, MOST);
}

/** Conditions, one for each kind of thing that somebody likes; the strongest first. */
function kindsOf(profile: Profile, { city, near }: Wanted): Conditions[] {
  const { artists, venueNames: names, genres, cities } = profile;
  // Who has said where to go is shown other places only for the artists that are worth the way.
  const at = city === undefined && !near ? [...cities] : [];
  const kinds: Conditions[] = [];
  const add = (sql: string, values: readonly (string | number)[], everywhere = false) => {
    const where = new Conditions();
    if (sql !== '') where.add(sql, ...values);
    if (!everywhere && at.length > 0) where.add(`e.city IN (${placeholders(at)})`, ...at);
    kinds.push(where);
  };
  if (artists.size > 0) {
    const slugs = [...artists.keys()];
    const sql = `EXISTS (SELECT 1 FROM event_artists x JOIN artists a ON a.id = x.artist_id
      WHERE x.event_id = e.id AND a.slug IN (${placeholders(slugs)}))`;
    add(sql, slugs, true);
  }
  if (names.length > 0) {
    const sql = `e.venue_id IN (SELECT v.id FROM venues v WHERE v.name IN (${placeholders(names)}))`;
    add(sql, names);
  }
  if (genres.size > 0) {
    const ids = [...genres.keys()];
    const sql = `EXISTS (SELECT 1 FROM event_genres x
      WHERE x.event_id = e.id AND x.genre_id IN (${placeholders(ids)}))`;
    add(sql, ids);
  }
  add('', []);
  return kinds;
}

const eventRow = z.object({
  id: z.int(),
  startsAt: z.date(),
  city: z.string(),
  venue: z.string().nullable(),
  price: z.int().nullable(),
});
const genreRow = z.object({ event: z.int(), id: z.int(), name: z.string() });
const artistRow = z.object({ event: z.int(), key: z.string(), name: z.string() });

/** What ranking is to know of these events. */
export async function readCandidates(
  database: Database,
  ids: readonly number[],
): Promise<Candidate[]> {
  if (ids.length === 0) return [];
  const list = placeholders(ids);
  const events = await database.search(
    `SELECT e.id, e.starts_at AS startsAt, e.city, COALESCE(v.name, p.venue_name) AS venue,
       IF(e.currency = 'EUR', e.price_min_minor, NULL) AS price
     FROM events e LEFT JOIN venues v ON v.id = e.venue_id
       LEFT JOIN event_places p ON p.event_id = e.id WHERE e.id IN (${list})`,
    ids,
    eventRow,
  );
  const genres = await database.search(
    `SELECT x.event_id AS event, g.id, g.name FROM event_genres x JOIN genres g ON g.id = x.genre_id
     WHERE x.event_id IN (${list}) ORDER BY g.id`,
    ids,
    genreRow,
  );
  const artists = await database.search(
    `SELECT x.event_id AS event, a.slug AS \`key\`, a.name FROM event_artists x
     JOIN artists a ON a.id = x.artist_id WHERE x.event_id IN (${list}) ORDER BY x.position, a.id`,
    ids,
    artistRow,
  );
  const genresOf = Map.groupBy(genres, ({ event }) => event);
  const artistsOf = Map.groupBy(artists, ({ event }) => event);
  return events.map(({ venue, ...event }) => ({
    ...event,
    cityKey: placeKey(event.city),
    venue: venue === null ? null : { key: placeKey(venue), name: venue },
    genres: genresOf.get(event.id) ?? [],
    artists: artistsOf.get(event.id) ?? [],
  }));
}
