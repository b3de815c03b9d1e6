import { createHash } from 'node:crypto';
import type { Queries } from '@whatsthecraic/platform/database';
import { placeholders } from '@whatsthecraic/platform/sql';
import { z } from 'zod';
import type { CanonicalEvent } from '../canonical/merge.ts';
import { artistSlug, wordsOf } from '../canonical/normalise.ts';
import { keyOf, type SourceRecord } from '../canonical/source-event.ts';
import { sqlTime } from './source-records.ts';

/** Rows that make an event, and the number that it has, unless it is a new one. */
export interface Group {
  readonly event: CanonicalEvent;
  readonly id: number | undefined;
  readonly records: readonly SourceRecord[];
}

export interface EventWriter {
  /**
   * Writes a city's events as their sources tell them, in as many statements for a hundred as for one;
   * one that stands like that already is left as it is. Gives back their numbers.
   */
  write(queries: Queries, city: string, groups: readonly Group[]): Promise<number[]>;
  /** Notes that events turned out to be another one. */
  absorb(queries: Queries, into: number, ids: readonly number[]): Promise<void>;
  /** Withdraws events that no source has any more. */
  clear(queries: Queries, ids: readonly number[]): Promise<void>;
}

const idRow = z.object({ id: z.int() });
const standingRow = z.object({
  id: z.int(),
  uid: z.string(),
  digest: z.string().nullable(),
  mergedInto: z.int().nullable(),
});
const uidRow = z.object({ id: z.int(), uid: z.string() });
const placeRow = z.object({ id: z.int(), name: z.string(), city: z.string() });
const slugRow = z.object({ id: z.int(), slug: z.string() });

/** The writer of one run: what it looks up of venues and genres is looked up once. */
export async function createEventWriter(database: Queries): Promise<EventWriter> {
  const venues = await database.query('SELECT id, name, city FROM venues', [], placeRow);
  const genres = await database.query('SELECT id, slug FROM genres', [], slugRow);
  const venueKey = (name: string, city: string) =>
    `${city} ${wordsOf(name)
      .filter((word) => word !== 'the')
      .join(' ')}`;
  const venueIds = new Map(venues.map(({ id, name, city }) => [venueKey(name, city), id]));
  const genreIds = new Map(genres.map(({ id, slug }) => [slug, id]));

  const toColumns = ({ event, id, uid, digest }: Changed) => ({
    ...{ id: id ?? null, uid, digest, title: event.title, description: event.description },
    startsAt: sqlTime(event.startsAt),
    endsAt: event.endsAt && sqlTime(event.endsAt),
    venueId: (event.venue && venueIds.get(venueKey(event.venue.name, event.city))) ?? null,
    status: event.status,
    priceMin: event.price?.min ?? null,
    priceMax: event.price?.max ?? null,
    currency: event.price?.currency ?? 'EUR',
    ...{ ageMin: event.ageMin, ticketUrl: event.ticketUrl, imageUrl: event.imageUrl },
    isWithdrawn: event.isWithdrawn ? 1 : 0,
  });

  async function writeGenres(queries: Queries, written: readonly Written[]) {
    const rows = written.flatMap(({ event, id }) =>
      [...new Set(event.genres.flatMap((slug) => genreIds.get(slug) ?? []))].map((genre) => ({
        ...{ event: id, genre },
      })),
    );
    if (rows.length === 0) return;
    await queries.run(
      `INSERT INTO event_genres (event_id, genre_id) SELECT event, genre
       FROM JSON_TABLE(?, '$[*]' COLUMNS (event INT PATH '$.event', genre INT PATH '$.genre')) found`,
      [JSON.stringify(rows)],
    );
  }

  return {
    async write(queries, city, groups) {
      const standing = await standingOf(queries, groups);
      const changed = groups.flatMap((group) => {
        const { event, id, records } = group;
        const digest = createHash('sha256').update(JSON.stringify(event)).digest('base64url');
        const before = id === undefined ? undefined : standing.get(id);
        if (before?.digest === digest && before.mergedInto === null) return [];
        return [{ ...group, digest, uid: before?.uid ?? uidOf(records) }];
      });
      if (changed.length === 0) return groups.map(({ id }) => id ?? 0);
      await writeColumns(queries, city, changed.map(toColumns));
      const numbers = await numbersOf(
        queries,
        changed.map(({ uid }) => uid),
      );
      const written = changed.map((group) => ({ ...group, id: numbers.get(group.uid) ?? 0 }));
      await clearLists(
        queries,
        written.filter((_, index) => !isNew(changed[index])).map(({ id }) => id),
      );
      await writeGenres(queries, written);
      await writeArtists(queries, written);
      await writePlaces(queries, city, written);
      const ids = new Map(written.map(({ event, id }) => [event, id]));
      return groups.map(({ event, id }) => ids.get(event) ?? id ?? 0);
    },
    async absorb(queries, into, ids) {
      if (ids.length === 0) return;
      await queries.run(`UPDATE events SET merged_into = ? WHERE id IN (${placeholders(ids)})`, [
        into,
        ...ids,
      ]);
    },
    async clear(queries, ids) {
      for (const id of ids) {
        const left = await queries.query(
          'SELECT id FROM event_sources WHERE event_id = ? LIMIT 1',
          [id],
          idRow,
        );
        if (left.length > 0) continue;
        await queries.run(
          'UPDATE events SET withdrawn_at = NOW(3), digest = NULL WHERE id = ? AND withdrawn_at IS NULL',
          [id],
        );
      }
    },
  };
}

interface Changed extends Group {
  readonly uid: string;
  readonly digest: string;
}
interface Written extends Changed {
  readonly id: number;
}

async function standingOf(queries: Queries, groups: readonly Group[]) {
  const ids = groups.flatMap(({ id }) => id ?? []);
  if (ids.length === 0) return new Map<number, z.output<typeof standingRow>>();
  const rows = await queries.search(
    `SELECT id, uid, digest, merged_into AS mergedInto FROM events
     WHERE id IN (${placeholders(ids)}) ORDER BY id FOR UPDATE`,
    ids,
    standingRow,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** One that was merged into another comes back under its old number, by its uid. */
async function writeColumns(queries: Queries, city: string, rows: readonly object[]) {
  await queries.run(
    `INSERT INTO events (id, uid, digest, title, description, starts_at, ends_at, city, venue_id,
       status, price_min_minor, price_max_minor, currency, age_min, ticket_url, image_url, withdrawn_at)
     SELECT id, uid, digest, title, description, startsAt, endsAt, ?, venueId, status, priceMin,
       priceMax, currency, ageMin, ticketUrl, imageUrl, IF(isWithdrawn = 1, NOW(3), NULL)
     FROM JSON_TABLE(?, '$[*]' COLUMNS (
       id INT PATH '$.id', uid VARCHAR(255) PATH '$.uid', digest CHAR(43) PATH '$.digest',
       title VARCHAR(300) PATH '$.title', description TEXT PATH '$.description',
       startsAt DATETIME(3) PATH '$.startsAt', endsAt DATETIME(3) PATH '$.endsAt',
       venueId INT PATH '$.venueId', status VARCHAR(16) PATH '$.status',
       priceMin INT UNSIGNED PATH '$.priceMin', priceMax INT UNSIGNED PATH '$.priceMax',
       currency CHAR(3) PATH '$.currency', ageMin INT PATH '$.ageMin',
       ticketUrl VARCHAR(2048) PATH '$.ticketUrl', imageUrl VARCHAR(2048) PATH '$.imageUrl',
       isWithdrawn INT PATH '$.isWithdrawn')) found
     ON DUPLICATE KEY UPDATE title = VALUES(title), description = VALUES(description),
       starts_at = VALUES(starts_at), ends_at = VALUES(ends_at), city = VALUES(city),
       venue_id = VALUES(venue_id), status = VALUES(status),
       price_min_minor = VALUES(price_min_minor), price_max_minor = VALUES(price_max_minor),
       currency = VALUES(currency), age_min = VALUES(age_min), ticket_url = VALUES(ticket_url),
       image_url = VALUES(image_url), digest = VALUES(digest), merged_into = NULL,
       withdrawn_at = IF(VALUES(withdrawn_at) IS NULL, NULL, COALESCE(withdrawn_at, NOW(3)))`,
    [city, JSON.stringify(rows)],
  );
}

async function numbersOf(queries: Queries, uids: readonly string[]) {
  const sql = `SELECT id, uid FROM events WHERE uid IN (${placeholders(uids)})`;
  const rows = await queries.search(sql, uids, uidRow);
  return new Map(rows.map(({ id, uid }) => [uid, id]));
}

async function clearLists(queries: Queries, ids: readonly number[]) {
  if (ids.length === 0) return;
  const list = placeholders(ids);
  await queries.run(`DELETE FROM event_genres WHERE event_id IN (${list})`, ids);
  await queries.run(`DELETE FROM event_artists WHERE event_id IN (${list})`, ids);
}

async function writeArtists(queries: Queries, written: readonly Written[]) {
  const names = new Map(
    written.flatMap(({ event }) => event.artists.map((name) => [artistSlug(name), name] as const)),
  );
  if (names.size === 0) return;
  // In one order, so that two writers wait for each other and do not meet head-on.
  const slugs = [...names.keys()].toSorted();
  await queries.run(
    `INSERT IGNORE INTO artists (slug, name) SELECT slug, name
     FROM JSON_TABLE(?, '$[*]' COLUMNS (slug VARCHAR(160) PATH '$.slug', name VARCHAR(160) PATH '$.name')) found`,
    [JSON.stringify(slugs.map((slug) => ({ slug, name: names.get(slug) })))],
  );
  const rows = await queries.search(
    `SELECT id, slug FROM artists WHERE slug IN (${placeholders(slugs)})`,
    slugs,
    slugRow,
  );
  const ids = new Map(rows.map(({ id, slug }) => [slug, id]));
  const bills = written.flatMap(({ event, id }) =>
    event.artists.flatMap((name, position) => {
      const artist = ids.get(artistSlug(name));
      return artist === undefined ? [] : [{ event: id, artist, position }];
    }),
  );
  await queries.run(
    `INSERT INTO event_artists (event_id, artist_id, position) SELECT event, artist, position
     FROM JSON_TABLE(?, '$[*]' COLUMNS (
       event INT PATH '$.event', artist INT PATH '$.artist', position INT PATH '$.position')) found`,
    [JSON.stringify(bills)],
  );
}

/** Where only the city is known, its middle is the best there is. */
async function writePlaces(queries: Queries, city: string, written: readonly Written[]) {
  const rows = written.map(({ event: { venue }, id }) => ({
    ...{ event: id, venue: venue?.name ?? null },
    point: venue?.position ? `POINT(${venue.position.longitude} ${venue.position.latitude})` : null,
  }));
  await queries.run(
    `INSERT INTO event_places (event_id, venue_name, position)
     SELECT event, venue,
       COALESCE(ST_GeomFromText(point), (SELECT position FROM cities WHERE name = ?))
     FROM JSON_TABLE(?, '$[*]' COLUMNS (
       event INT PATH '$.event', venue VARCHAR(160) PATH '$.venue', point VARCHAR(80) PATH '$.point')) found
     ON DUPLICATE KEY UPDATE venue_name = VALUES(venue_name), position = VALUES(position)`,
    [city, JSON.stringify(rows)],
  );
}

/** Of rows that were never part of an event nothing can come back. */
const isNew = (group: Group | undefined) =>
  group?.id === undefined && group?.records.every(({ eventId }) => eventId === null);

/** Made of the row that was there first, so that the event has the same one whenever it comes back. */
function uidOf(records: readonly SourceRecord[]): string {
  const [first] = records.toSorted((a, b) => a.id - b.id);
  if (!first) throw new RangeError('uidOf: expected a record at least');
  const digest = createHash('sha256').update(keyOf(first)).digest('hex').slice(0, 32);
  return `${first.source}-${digest}@whatsthecraic`;
}
