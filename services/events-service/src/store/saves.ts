import type { Database } from '@whatsthecraic/platform/database';
import { findPage } from '@whatsthecraic/platform/page';
import { Conditions, limitSql } from '@whatsthecraic/platform/sql';
import { z } from 'zod';
import type { Event } from './event-row.ts';
import { cursorKey, loadEvents } from './events.ts';

interface SavedPage {
  readonly events: (Event & { readonly savedAt: string })[];
  readonly nextCursor: string | null;
  readonly hasMore: boolean;
}

interface PageQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface SaveStore {
  save(userId: number, eventId: number): Promise<void>;
  remove(userId: number, eventIds: readonly number[]): Promise<void>;
  list(userId: number, query: PageQuery): Promise<SavedPage>;
  /** Numbers of the saved events that are not over, soonest first. */
  upcoming(userId: number, now: Date): Promise<number[]>;
}

/** More than anybody goes to; a calendar has to end somewhere. */
const MOST_UPCOMING = 500;

export const createSaveStore = (database: Database): SaveStore => ({
  async save(userId, eventId) {
    // The first time counts: what is saved again has not become newer.
    await database.run(
      `INSERT INTO event_saves (user_id, event_id) VALUES (?, ?)
       ON DUPLICATE KEY UPDATE event_id = event_id`,
      [userId, eventId],
    );
  },
  async remove(userId, eventIds) {
    for (const id of new Set(eventIds)) {
      await database.run('DELETE FROM event_saves WHERE user_id = ? AND event_id = ?', [
        userId,
        id,
      ]);
    }
  },
  async list(userId, { limit, cursor }) {
    const where = new Conditions();
    where.add('s.user_id = ?', userId);
    const { found, ...rest } = await findPage(
      database,
      {
        from: 'event_saves s',
        id: 's.event_id',
        where,
        key: { sql: 's.saved_at', schema: cursorKey },
        descending: true,
        limit,
        cursor,
      },
      (ids) => loadEvents(database, ids),
    );
    const events = found.map(({ item, key }) => ({
      ...item,
      savedAt: new Date(key as Date).toISOString(),
    }));
    return { events, ...rest };
  },
  async upcoming(userId, now) {
    const rows = await database.query(
      `SELECT e.id FROM event_saves s JOIN events e ON e.id = s.event_id
       WHERE s.user_id = ? AND COALESCE(e.ends_at, e.starts_at) >= ?
       ORDER BY e.starts_at, e.id ${limitSql(MOST_UPCOMING)}`,
      [userId, now],
      z.object({ id: z.int() }),
    );
    return rows.map(({ id }) => id);
  },
});
