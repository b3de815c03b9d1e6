import { createHash } from 'node:crypto';
import type { Database, Queries } from '@whatsthecraic/platform/database';
import { placeholders } from '@whatsthecraic/platform/sql';
import { z } from 'zod';
import type { CanonicalEvent } from '../canonical/merge.ts';
import { artistSlug, wordsOf } from '../canonical/normalise.ts';
import { keyOf, type SourceRecord } from '../canonical/source-event.ts';

export interface EventWriter {
  /** Writes an event as its sources tell it, unless it stands like that already; gives back its number. */
  write(
    queries: Queries,
    event: CanonicalEvent,
    id: number | undefined,
    records: readonly SourceRecord[],
  ): Promise<number>;
  /** Notes that events turned out to be another one. */
  absorb(queries: Queries, into: number, ids: readonly number[]): Promise<void>;
  /** Withdraws events that no source has any more. */
  clear(queries: Queries, ids: readonly number[]): Promise<void>;
}

const idRow = z.object({ id: z.int() });
const standing = z.object({ digest: z.string().nullable(), mergedInto: z.int().nullable() });
const placeRow = z.object({ id: z.int(), name: z.string(), city: z.string() });
const genreRow = z.object({ id: z.int(), slug: z.string() });

/** The writer of one run: what it looks up of venues and genres is looked up once. */
export async function createEventWriter(database: Database): Promise<EventWriter> {
  const venues = await database.query('SELECT id, name, city FROM venues', [], placeRow);
  const genres = await database.query('SELECT id, slug FROM genres', [], genreRow);
  const venueKey = (name: string, city: string) =>
    `${city} ${wordsOf(name)
      .filter((word) => word !== 'the')
      .join(' ')}`;
  const venueIds = new Map(venues.map(({ id, name, city }) => [venueKey(name, city), id]));
  const genreIds = new Map(genres.map(({ id, slug }) => [slug, id]));

  async function writeColumns(
    queries: Queries,
    event: CanonicalEvent,
    uid: string,
    digest: string,
    id?: number,
  ) {
    const { venue, price, isWithdrawn } = event;
    const values = [
      event.title,
      event.description,
      event.startsAt,
      event.endsAt,
      event.city,
      (venue && venueIds.get(venueKey(venue.name, event.city))) ?? null,
      event.status,
      price?.min ?? null,
      price?.max ?? null,
      price?.currency ?? 'EUR',
      event.ageMin,
      event.ticketUrl,
      event.imageUrl,
      digest,
    ];
    const withdrawn = isWithdrawn ? 'COALESCE(withdrawn_at, NOW(3))' : 'NULL';
    if (id !== undefined) {
      await queries.run(
        `UPDATE events SET title = ?, description = ?, starts_at = ?, ends_at = ?, city = ?,
           venue_id = ?, status = ?, price_min_minor = ?, price_max_minor = ?, currency = ?,
           age_min = ?, ticket_url = ?, image_url = ?, digest = ?, merged_into = NULL,
           withdrawn_at = ${withdrawn} WHERE id = ?`,
        [...values, id],
      );
      return id;
    }
    // One that was merged into another comes back under its old number.
    const { insertId } = await queries.run(
      `INSERT INTO events (title, description, starts_at, ends_at, city, venue_id, status,
         price_min_minor, price_max_minor, currency, age_min, ticket_url, image_url, digest, uid)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id), title = VALUES(title),
         description = VALUES(description), starts_at = VALUES(starts_at),
         ends_at = VALUES(ends_at), city = VALUES(city), venue_id = VALUES(venue_id),
         status = VALUES(status), price_min_minor = VALUES(price_min_minor),
         price_max_minor = VALUES(price_max_minor), currency = VALUES(currency),
         age_min = VALUES(age_min), ticket_url = VALUES(ticket_url),
         image_url = VALUES(image_url), digest = VALUES(digest), merged_into = NULL,
         withdrawn_at = ${withdrawn}`,
      [...values, uid],
    );
    return insertId;
  }

  async function writeLists(queries: Queries, id: number, event: CanonicalEvent, isNew: boolean) {
    const ids = [...new Set(event.genres.flatMap((slug) => genreIds.get(slug) ?? []))];
    const slugs = event.artists.map(artistSlug);
    if (!isNew) {
      await queries.run('DELETE FROM event_genres WHERE event_id = ?', [id]);
      await queries.run('DELETE FROM event_artists WHERE event_id = ?', [id]);
    }
    if (ids.length > 0) {
      await queries.run(
        `INSERT INTO event_genres (event_id, genre_id)
         SELECT ?, id FROM genres WHERE id IN (${placeholders(ids)})`,
        [id, ...ids],
      );
    }
    if (slugs.length === 0) return;
    await queries.run(
      `INSERT IGNORE INTO artists (slug, name) VALUES ${slugs.map(() => '(?, ?)').join(', ')}`,
      event.artists.flatMap((name, index) => [slugs[index] ?? name, name]),
    );
    await queries.run(
      `INSERT INTO event_artists (event_id, artist_id, position)
       SELECT ?, id, FIELD(slug, ${placeholders(slugs)}) - 1 FROM artists
       WHERE slug IN (${placeholders(slugs)})`,
      [id, ...slugs, ...slugs],
    );
  }

  async function writePlace(queries: Queries, id: number, { venue, city }: CanonicalEvent) {
    const values = venue?.position
      ? [`POINT(${venue.position.longitude} ${venue.position.latitude})`]
      : [city];
    // Where only the city is known, its middle is the best there is.
    const point = venue?.position
      ? 'ST_GeomFromText(?)'
      : '(SELECT position FROM cities WHERE name = ?)';
    await queries.run(
      `INSERT INTO event_places (event_id, venue_name, position) VALUES (?, ?, ${point})
       ON DUPLICATE KEY UPDATE venue_name = VALUES(venue_name), position = VALUES(position)`,
      [id, venue?.name ?? null, ...values],
    );
  }

  return {
    async write(queries, event, id, records) {
      const digest = createHash('sha256').update(JSON.stringify(event)).digest('base64url');
      if (id !== undefined) {
        const [found] = await queries.query(
          'SELECT digest, merged_into AS mergedInto FROM events WHERE id = ? FOR UPDATE',
          [id],
          standing,
        );
        if (found?.digest === digest && found.mergedInto === null) return id;
      }
      const written = await writeColumns(queries, event, uidOf(records), digest, id);
      await writeLists(queries, written, event, id === undefined && records.every(isNew));
      await writePlace(queries, written, event);
      return written;
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

/** Of rows that were never part of an event nothing can come back. */
const isNew = ({ eventId }: SourceRecord) => eventId === null;

/** Made of the row that was there first, so that the event has the same one whenever it comes back. */
function uidOf(records: readonly SourceRecord[]): string {
  const [first] = records.toSorted((a, b) => a.id - b.id);
  if (!first) throw new RangeError('uidOf: expected a record at least');
  const digest = createHash('sha256').update(keyOf(first)).digest('hex').slice(0, 32);
  return `${first.source}-${digest}@whatsthecraic`;
}
