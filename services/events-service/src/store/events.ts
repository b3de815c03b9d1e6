import type { Database } from '@whatsthecraic/platform/database';
import { findGenreIds } from '@whatsthecraic/platform/genre-names';
import { emptyPage, findPage, idsIn, type List } from '@whatsthecraic/platform/page';
import { Conditions, placeholders } from '@whatsthecraic/platform/sql';
import { parseTextQuery } from '@whatsthecraic/platform/text-query';
import { z } from 'zod';
import type { TimeWindow } from '../domain/time-window.ts';
import { type Event, eventColumns, eventRow } from './event-row.ts';

interface EventSearch {
  readonly window: TimeWindow;
  readonly city?: string | undefined;
  readonly q?: string | undefined;
  readonly genres?: readonly string[] | undefined;
  readonly priceMax?: number | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

interface EventPage {
  readonly events: Event[];
  readonly nextCursor: string | null;
  readonly hasMore: boolean;
}

export interface EventStore {
  search(search: EventSearch): Promise<EventPage>;
  findById(id: number): Promise<Event | undefined>;
}

export const cursorKey = z.iso.datetime().transform((text) => new Date(text));

export function createEventStore(database: Database): EventStore {
  const load = (ids: readonly number[]) => loadEvents(database, ids);
  return {
    async search(search) {
      const genreIds = search.genres && (await findGenreIds(database, search.genres));
      const { found, ...rest } =
        genreIds?.length === 0
          ? emptyPage
          : await findPage(database, eventList(search, genreIds), load);
      return { events: found.map(({ item }) => item), ...rest };
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

const SELECT = `SELECT ${eventColumns} FROM events e LEFT JOIN venues v ON v.id = e.venue_id
  LEFT JOIN event_places p ON p.event_id = e.id`;

/** The events of these numbers, in no order. */
export const loadEvents = (database: Database, ids: readonly number[]): Promise<Event[]> =>
  database.search(`${SELECT} WHERE ${idsIn('e.id', ids)}`, ids, eventRow);

function eventList(search: EventSearch, genreIds: readonly number[] | undefined): List {
  const where = new Conditions();
  const text = search.q === undefined ? undefined : parseTextQuery(search.q);
  where.add('e.starts_at >= ? AND e.starts_at < ?', search.window.from, search.window.to);
  where.add("e.status <> 'cancelled' AND e.merged_into IS NULL AND e.withdrawn_at IS NULL");
  if (search.city !== undefined) where.add('e.city = ?', search.city);
  if (search.priceMax !== undefined) {
    where.add('e.price_min_minor <= ?', Math.round(search.priceMax * 100));
  }
  if (genreIds) {
    const list = placeholders(genreIds);
    where.add(
      `EXISTS (SELECT 1 FROM event_genres x WHERE x.event_id = e.id AND x.genre_id IN (${list}))`,
      ...genreIds,
    );
  }
  for (const like of text?.likes ?? []) {
    where.add("CONCAT_WS(' ', '', e.title, e.description) LIKE ?", like);
  }
  return {
    from: text?.boolean ? `${WITH_TEXT} JOIN events e ON e.id = found.id` : 'events e',
    fromValues: text?.boolean ? [text.boolean, text.boolean] : [],
    id: 'e.id',
    where,
    key: { sql: 'e.starts_at', schema: cursorKey },
    limit: search.limit,
    cursor: search.cursor,
  };
}

/** Each half uses a full-text index of its own, which an OR over two tables could not. */
const WITH_TEXT = `(SELECT id FROM events WHERE MATCH (title, description) AGAINST (? IN BOOLEAN MODE)
    UNION SELECT at_venue.id FROM venues place JOIN events at_venue ON at_venue.venue_id = place.id
    WHERE MATCH (place.name, place.address) AGAINST (? IN BOOLEAN MODE)) found`;
