import type { Database, Queries } from '@whatsthecraic/platform/database';
import type { Kept, Versioned } from '@whatsthecraic/platform/directory/keep';
import type { Subject } from '@whatsthecraic/platform/directory/subject';
import { InvalidRequest, NotFound } from '@whatsthecraic/platform/errors';
import { placeholders } from '@whatsthecraic/platform/sql';
import { z } from 'zod';
import { canonicalisePending } from '../store/canonicalise.ts';
import { findRecord, markGone, saveRecordsIn } from '../store/source-records.ts';
import {
  type LocalEvent,
  type LocalEventChange,
  localEvent,
  type NewLocalEvent,
} from './contract.ts';
import { type ChosenVenue, toSourceEvent } from './to-source-event.ts';

class LocalEventNotFound extends NotFound {
  constructor(id: number) {
    super(`you keep no event ${id}`, 'local_event_not_found');
  }
}

export const subject: Subject = {
  kind: 'event',
  table: 'local_events',
  notFound: (id) => new LocalEventNotFound(id),
};

const SCOPE = 'local';
const nameOf = (id: number) => ({ source: 'local', sourceId: String(id) }) as const;

/** How an organizer's event is written: its words as a row of the source `local`, then as any other's. */
export const keptEvent = (now: () => Date): Kept<LocalEvent, NewLocalEvent, LocalEventChange> => ({
  subject,
  path: '/events',
  entry: localEvent,
  find: findLocalEvent,
  toCreate: writtenOf,
  toChange: writtenOf,
  async wrote(queries, id, body) {
    const before = await findRecord(queries, nameOf(id));
    const venue = await chosenVenue(queries, id);
    const event = await toSourceEvent(queries, nameOf(id).sourceId, body, {
      before,
      venue,
      now: now(),
    });
    await saveRecordsIn(queries, SCOPE, [event], now());
    const record = await findRecord(queries, nameOf(id));
    await canonicalisePending(
      queries,
      record ? [record.id, ...(await rowsOf(queries, before?.eventId))] : [],
    );
  },
  async removing(queries, id) {
    await waitForTurn(queries);
    await markGone(queries, nameOf(id));
    const record = await findRecord(queries, nameOf(id));
    await canonicalisePending(queries, record ? [record.id] : []);
  },
});

async function writtenOf(queries: Queries, body: LocalEventChange) {
  await waitForTurn(queries);
  return { columns: await venueColumn(queries, body) };
}

/**
 * One organizer's event after the other: each looks at rows that the next one may be about to add, so
 * that two at once would often end in a deadlock. Any row that all of them lock first will do.
 */
async function waitForTurn(queries: Queries): Promise<void> {
  await queries.query('SELECT name FROM cities ORDER BY name LIMIT 1 FOR UPDATE', [], anything);
}

const anything = { parse: (row: unknown) => row };

/** A venue that was chosen by its number; one that is named by hand takes its place, none leaves it. */
async function venueColumn(queries: Queries, { venue }: LocalEventChange) {
  if (venue === undefined) return [];
  const id = venue?.id ?? null;
  if (id !== null && (await findVenue(queries, id)) === undefined) {
    throw new InvalidRequest([{ field: 'body.venue.id', message: `there is no venue ${id}` }]);
  }
  if (id !== null && (venue?.name ?? venue?.position) !== undefined) {
    const message = 'the directory knows its name and place: send the id alone';
    throw new InvalidRequest([{ field: 'body.venue', message }]);
  }
  return [{ column: 'venue_id', value: id }];
}

const venueRow = z.object({
  id: z.int(),
  name: z.string(),
  city: z.string(),
  latitude: z.number(),
  longitude: z.number(),
});
const VENUE = 'v.id, v.name, v.city, ST_Y(v.position) AS latitude, ST_X(v.position) AS longitude';

async function findVenue(queries: Queries, id: number): Promise<ChosenVenue | undefined> {
  const sql = `SELECT ${VENUE} FROM venues v WHERE v.id = ?`;
  const [venue] = await queries.query(sql, [id], venueRow);
  return venue;
}

async function chosenVenue(queries: Queries, id: number): Promise<ChosenVenue | undefined> {
  const sql = `SELECT ${VENUE} FROM local_events l JOIN venues v ON v.id = l.venue_id WHERE l.id = ?`;
  const [venue] = await queries.query(sql, [id], venueRow);
  return venue;
}

const idRow = z.object({ id: z.int() }).transform(({ id }) => id);

const rowsOf = async (queries: Queries, eventId: number | null | undefined): Promise<number[]> =>
  eventId ? queries.query('SELECT id FROM event_sources WHERE event_id = ?', [eventId], idRow) : [];

const keptRow = z.object({
  id: z.int(),
  version: z.int(),
  ownerId: z.int().nullable(),
  venueId: z.int().nullable(),
});

interface FoundLocalEvent extends Versioned<LocalEvent> {
  readonly ownerId: number | null;
}

/** One event with its version and its keeper, also inside of a transaction. */
export async function findLocalEvent(
  queries: Queries,
  id: number,
): Promise<FoundLocalEvent | undefined> {
  const [kept] = await queries.query(
    'SELECT id, version, owner_id AS ownerId, venue_id AS venueId FROM local_events WHERE id = ?',
    [id],
    keptRow,
  );
  const record = kept && (await findRecord(queries, nameOf(id)));
  if (!record) return undefined;
  const { price, genres, venue } = record;
  return {
    version: kept.version,
    ownerId: kept.ownerId,
    entry: {
      id,
      eventId: record.eventId,
      title: record.title,
      description: record.description,
      startsAt: record.startsAt.toISOString(),
      endsAt: record.endsAt?.toISOString() ?? null,
      city: record.city,
      venue: venue && { id: kept.venueId, ...venue },
      genres: await namesOf(queries, genres),
      artists: record.artists,
      price: price && { min: major(price.min), max: major(price.max), currency: price.currency },
      ageMin: record.ageMin,
      status: record.status ?? 'scheduled',
      ticketUrl: record.ticketUrl,
      imageUrl: record.imageUrl,
    },
  };
}

/** Those of a page. */
export const findLocalEvents = async (
  database: Database,
  ids: readonly number[],
): Promise<LocalEvent[]> => {
  const found = await Promise.all(ids.map((id) => findLocalEvent(database, id)));
  return found.flatMap((it) => it?.entry ?? []);
};

const major = (minor: number | null) => (minor === null ? null : minor / 100);

async function namesOf(queries: Queries, slugs: readonly string[]): Promise<string[]> {
  if (slugs.length === 0) return [];
  return queries.search(
    `SELECT name FROM genres WHERE slug IN (${placeholders(slugs)}) ORDER BY name`,
    slugs,
    z.object({ name: z.string() }).transform(({ name }) => name),
  );
}
