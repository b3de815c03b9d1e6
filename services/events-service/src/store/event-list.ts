import { decodeCursor } from '@whatsthecraic/platform/cursor';
import type { SqlValue } from '@whatsthecraic/platform/database';
import { addNear, nearFirst } from '@whatsthecraic/platform/nearest';
import type { List, Widening } from '@whatsthecraic/platform/page';
import { Conditions, limitSql, placeholders } from '@whatsthecraic/platform/sql';
import { isIndexed, parseTextQuery, wordsIn } from '@whatsthecraic/platform/text-query';
import { z } from 'zod';
import type { Wanted } from '../search/wanted.ts';
import { relevanceOf, withWords } from './words.ts';

const DEFAULT_RADIUS_KM = 10;
export const cursorKey = z.iso.datetime().transform((text) => new Date(text));

/** The numbers that the names of a search stand for; none of a kind finds nothing. */
export interface Resolved {
  readonly genreIds?: readonly number[] | undefined;
  readonly artistId?: number | undefined;
  readonly venueIds?: readonly number[] | undefined;
  /** Whose hidden events are left out. */
  readonly withoutHiddenOf?: number | undefined;
}

interface PageWanted {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** On, no double of another event, and still known by a source. */
export const SHOWN = "e.status <> 'cancelled' AND e.merged_into IS NULL AND e.withdrawn_at IS NULL";

/** Events of a window that are looked at one after the other, before any index of words or genres is asked. */
const AT_HAND = 1_000;

/**
 * The list that a search is. The nearest are looked for near first; the soonest first among the next
 * thousand: what many events have is found there without reading them all, and for what few have, that
 * look costs little.
 */
export function eventLists(wanted: Wanted, resolved: Resolved, page: PageWanted): Widening {
  const { sort, radiusKm = DEFAULT_RADIUS_KM } = wanted;
  const whole = wholeList(wanted, resolved, page);
  if (sort === 'nearest') {
    return nearFirst(radiusKm, page.cursor, (km) =>
      wholeList({ ...wanted, radiusKm: km }, resolved, page),
    );
  }
  return sort === 'soonest' && mayBeMany(wanted)
    ? [atHand(wanted, resolved, page), whole]
    : [whole];
}

/** Whether it is read by no index that knows the time, and may have more events than it is worth. */
const mayBeMany = ({ q, genres, near, source, artist, venue }: Wanted): boolean =>
  artist === undefined &&
  venue === undefined &&
  (source !== undefined || near !== undefined || genres !== undefined || isOfWords(q));

const isOfWords = (q: string | undefined) => q !== undefined && wordsIn(q).some(isIndexed);

/** The beginning of the whole list, as far as it lies in the next events of the window. */
function atHand(wanted: Wanted, resolved: Resolved, page: PageWanted): List {
  const { window, city, q } = wanted;
  const from =
    page.cursor === undefined
      ? window.from
      : decodeCursor(page.cursor, z.tuple([cursorKey, z.int()]))[0];
  const next = new Conditions();
  next.add('s.starts_at >= ? AND s.starts_at < ?', from, window.to);
  if (city !== undefined) next.add('s.city = ?', city);
  const list = listOf({ ...wanted, q: undefined }, resolved, page, {
    // Its index holds all that this asks for.
    sql: `(SELECT s.id FROM events s WHERE ${next.sql} ORDER BY s.starts_at, s.id
      ${limitSql(AT_HAND)}) soon STRAIGHT_JOIN events e ON e.id = soon.id`,
    values: next.values,
    // In this order, whatever is thought of the others' indexes: of a crowded place all would be read.
    join: 'STRAIGHT_JOIN',
  });
  if (q !== undefined) addWords(list.where, q);
  return list;
}

/** As `WITH_TEXT` and its likes find it. */
function addWords(where: Conditions, q: string): void {
  const { boolean, likes } = parseTextQuery(q);
  if (boolean) {
    const { sql, values } = withWords(q);
    where.add(
      `(${sql} OR e.venue_id IN (SELECT place.id FROM venues place
        WHERE MATCH (place.name, place.address) AGAINST (? IN BOOLEAN MODE)))`,
      ...values,
      boolean,
    );
  }
  addLikes(where, likes);
}

function addLikes(where: Conditions, likes: readonly string[]): void {
  for (const like of likes) {
    where.add("CONCAT_WS(' ', '', e.title, e.description) LIKE ?", like);
  }
}

/** All that a search finds, in its order. */
export const wholeList = (wanted: Wanted, resolved: Resolved, page: PageWanted): List =>
  listOf(wanted, resolved, page, { sql: 'events e', values: [], join: 'JOIN' });

interface Part {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

function listOf(
  wanted: Wanted,
  resolved: Resolved,
  { limit, cursor }: PageWanted,
  { join, ...events }: Part & { readonly join: 'JOIN' | 'STRAIGHT_JOIN' },
): List {
  const { window, near, sort, q, radiusKm = DEFAULT_RADIUS_KM } = wanted;
  const where = new Conditions();
  const text = q === undefined ? undefined : parseTextQuery(q);
  where.add('e.starts_at >= ? AND e.starts_at < ?', window.from, window.to);
  where.add(SHOWN);
  if (wanted.city !== undefined) where.add('e.city = ?', wanted.city);
  addPrice(where, wanted);
  addNames(where, wanted, resolved);
  addLikes(where, text?.likes ?? []);
  const metres = near && addNear(where, 'p.position', near, radiusKm);
  const parts: readonly Part[] = [
    events,
    ...(near ? [{ sql: PLACE, values: [] }] : []),
    ...(text?.boolean ? [{ sql: WITH_TEXT, values: [text.boolean, text.boolean] }] : []),
    ...(wanted.venue === undefined ? [] : [atVenue(wanted.venue, resolved.venueIds ?? [])]),
  ];
  const keys = {
    soonest: { sql: 'e.starts_at', schema: cursorKey },
    nearest: metres,
    relevance: q === undefined ? undefined : relevanceOf(q),
  };
  return {
    from: parts.map(({ sql }) => sql).join(` ${join} `),
    fromValues: parts.flatMap(({ values }) => values),
    id: 'e.id',
    where,
    key: keys[sort] ?? keys.soonest,
    limit,
    cursor,
  };
}

const PLACE = 'event_places p ON p.event_id = e.id';

function addPrice(where: Conditions, { free, priceMin, priceMax }: Wanted): void {
  if (free) where.add('e.price_min_minor = 0');
  if (priceMax !== undefined) where.add('e.price_min_minor <= ?', toMinor(priceMax));
  if (priceMin !== undefined) {
    where.add('COALESCE(e.price_max_minor, e.price_min_minor) >= ?', toMinor(priceMin));
  }
}

const toMinor = (price: number) => Math.round(price * 100);

function addNames(where: Conditions, { source }: Wanted, resolved: Resolved): void {
  const { genreIds, artistId, withoutHiddenOf } = resolved;
  if (genreIds) {
    where.add(
      `EXISTS (SELECT 1 FROM event_genres x
         WHERE x.event_id = e.id AND x.genre_id IN (${placeholders(genreIds)}))`,
      ...genreIds,
    );
  }
  if (artistId !== undefined) {
    where.add(
      'EXISTS (SELECT 1 FROM event_artists x WHERE x.event_id = e.id AND x.artist_id = ?)',
      artistId,
    );
  }
  if (source !== undefined) {
    where.add(
      'EXISTS (SELECT 1 FROM event_sources x WHERE x.event_id = e.id AND x.source = ?)',
      source,
    );
  }
  if (withoutHiddenOf !== undefined) {
    // An event that was hidden under another number is hidden.
    where.add(
      `e.id NOT IN (SELECT COALESCE(o.merged_into, o.id) FROM event_hides h
         JOIN events o ON o.id = h.event_id WHERE h.user_id = ?)`,
      withoutHiddenOf,
    );
  }
}

/** Each half uses a full-text index of its own, which an OR over two tables could not. */
const WITH_TEXT = `(SELECT id FROM events WHERE MATCH (title, description) AGAINST (? IN BOOLEAN MODE)
    UNION SELECT at_venue.id FROM venues place JOIN events at_venue ON at_venue.venue_id = place.id
    WHERE MATCH (place.name, place.address) AGAINST (? IN BOOLEAN MODE)) found ON found.id = e.id`;

/** At a venue of the directory, or of one that only its source knows. */
function atVenue(venue: string, ids: readonly number[]) {
  const known = ids.length > 0 ? ids : [0];
  return {
    sql: `(SELECT id FROM events WHERE venue_id IN (${placeholders(known)})
      UNION SELECT event_id FROM event_places WHERE venue_name = ?) held ON held.id = e.id`,
    values: [...known, venue],
  };
}
