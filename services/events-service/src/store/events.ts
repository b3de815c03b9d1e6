import type { Database } from '@whatsthecraic/platform/database';
import { findGenreIds } from '@whatsthecraic/platform/genre-names';
import { emptyPage, findPage, idsIn } from '@whatsthecraic/platform/page';
import { z } from 'zod';
import { artistSlug } from '../canonical/normalise.ts';
import type { Wanted } from '../search/wanted.ts';
import { eventLists, type Resolved } from './event-list.ts';
import { type Event, eventColumns, eventRow } from './event-row.ts';

interface EventPage {
  readonly events: Event[];
  readonly nextCursor: string | null;
  readonly hasMore: boolean;
}

interface SearchOptions {
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** Whose hidden events are left out. */
  readonly withoutHiddenOf?: number | undefined;
}

export interface EventStore {
  search(wanted: Wanted, options: SearchOptions): Promise<EventPage>;
  findById(id: number): Promise<Event | undefined>;
}

export function createEventStore(database: Database): EventStore {
  const load = (ids: readonly number[]) => loadEvents(database, ids);
  return {
    async search(wanted, { withoutHiddenOf, ...page }) {
      const resolved = await resolve(database, wanted);
      const { found, ...rest } = resolved
        ? await findPage(database, eventLists(wanted, { ...resolved, withoutHiddenOf }, page), load)
        : emptyPage;
      const events = found.map(({ item, key }) =>
        wanted.sort === 'nearest' ? { ...item, distanceKm: Number(key) / 1000 } : item,
      );
      return { events, ...rest };
    },
    async findById(id) {
      // Who kept the number of an event that turned out to be another one is told of that one.
      const sql = `${SELECT} JOIN events asked ON COALESCE(asked.merged_into, asked.id) = e.id
        WHERE asked.id = ?`;
      const [event] = await database.query(sql, [id], eventRow);
      return event;
    },
  };
}

const idRow = z.object({ id: z.int() });
/** Houses of one name in several places; more of them are a chain. */
const MOST_VENUES = 20;

/** The numbers of what a search names; `undefined` when it names what nobody knows. */
export async function resolve(database: Database, wanted: Wanted): Promise<Resolved | undefined> {
  const { genres, artist, venue } = wanted;
  const genreIds = genres && (await findGenreIds(database, genres));
  if (genreIds?.length === 0) return undefined;
  const sql = 'SELECT id FROM artists WHERE slug = ?';
  const [found] =
    artist === undefined ? [] : await database.query(sql, [artistSlug(artist)], idRow);
  if (artist !== undefined && !found) return undefined;
  return {
    genreIds,
    artistId: found?.id,
    venueIds: venue ? await venueIds(database, venue) : undefined,
  };
}

async function venueIds(database: Database, venue: string): Promise<readonly number[]> {
  if (/^\d{1,10}$/.test(venue)) return [Number(venue)];
  const sql = `SELECT id FROM venues WHERE name = ? ORDER BY id LIMIT ${MOST_VENUES}`;
  return (await database.query(sql, [venue], idRow)).map(({ id }) => id);
}

const SELECT = `SELECT ${eventColumns} FROM events e LEFT JOIN venues v ON v.id = e.venue_id
  LEFT JOIN event_places p ON p.event_id = e.id`;

/** The events of these numbers, in no order. */
export const loadEvents = (database: Database, ids: readonly number[]): Promise<Event[]> =>
  database.search(`${SELECT} WHERE ${idsIn('e.id', ids)}`, ids, eventRow);
