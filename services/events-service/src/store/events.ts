import { cutPage, decodeCursor } from '@whatsthecraic/platform/cursor';
import type { Database } from '@whatsthecraic/platform/database';
import { findGenreIds } from '@whatsthecraic/platform/genre-names';
import { Conditions, limitSql, placeholders } from '@whatsthecraic/platform/sql';
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

const cursorKeys = z.tuple([z.iso.datetime(), z.int().positive()]);
const NOTHING: EventPage = { events: [], nextCursor: null, hasMore: false };

export function createEventStore(database: Database): EventStore {
  return {
    async search(search) {
      const genreIds = search.genres && (await findGenreIds(database, search.genres));
      if (genreIds?.length === 0) return NOTHING;
      const { sql, values } = searchSql(search, genreIds);
      const found = await database.search(sql, values, eventRow);
      const page = cutPage(found, search.limit, (event) => [event.startsAt, event.id]);
      return { events: [...page.rows], nextCursor: page.nextCursor, hasMore: page.hasMore };
    },
    async findById(id) {
      const sql = `SELECT ${eventColumns} FROM events e LEFT JOIN venues v ON v.id = e.venue_id
        WHERE e.id = ?`;
      const [event] = await database.query(sql, [id], eventRow);
      return event;
    },
  };
}

/**
 * The page's ids come from an index alone, the rest is read for these few. Keys are compared in the
 * expanded form: the row constructor `(a, b) > (?, ?)` uses no range on either server.
 * https://dev.mysql.com/doc/refman/8.4/en/row-constructor-optimization.html
 */
function searchSql(search: EventSearch, genreIds: readonly number[] | undefined) {
  const where = new Conditions();
  const text = search.q === undefined ? undefined : parseTextQuery(search.q);
  const from = text?.boolean ? `${WITH_TEXT} JOIN events e ON e.id = found.id` : 'events e';
  if (text?.boolean) where.values.push(text.boolean, text.boolean);

  if (search.cursor) {
    const [startsAt, id] = decodeCursor(search.cursor, cursorKeys);
    const after = new Date(startsAt);
    where.add('e.starts_at >= ? AND (e.starts_at > ? OR e.id > ?)', after, after, id);
  }
  where.add('e.starts_at >= ? AND e.starts_at < ?', search.window.from, search.window.to);
  where.add("e.status <> 'cancelled'");
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
  const page = `SELECT e.id, e.starts_at FROM ${from} WHERE ${where.sql}
    ORDER BY e.starts_at, e.id ${limitSql(search.limit + 1)}`;
  const sql = `SELECT ${eventColumns} FROM (${page}) page
    JOIN events e ON e.id = page.id LEFT JOIN venues v ON v.id = e.venue_id
    ORDER BY page.starts_at, page.id`;
  return { sql, values: where.values };
}

/** Each half uses a full-text index of its own, which an OR over two tables could not. */
const WITH_TEXT = `(SELECT id FROM events WHERE MATCH (title, description) AGAINST (? IN BOOLEAN MODE)
    UNION SELECT at_venue.id FROM venues place JOIN events at_venue ON at_venue.venue_id = place.id
    WHERE MATCH (place.name, place.address) AGAINST (? IN BOOLEAN MODE)) found`;
