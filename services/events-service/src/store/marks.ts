import type { Database, Queries } from '@whatsthecraic/platform/database';
import { findPage, idsIn } from '@whatsthecraic/platform/page';
import { Conditions, limitSql } from '@whatsthecraic/platform/sql';
import { z } from 'zod';
import type { Mark } from '../marks/mark.ts';
import { cursorKey } from './event-list.ts';
import type { Event } from './event-row.ts';
import { loadEvents } from './events.ts';
import { MARKS } from './marked.ts';

interface MarkedPage {
  readonly events: { readonly event: Event; readonly at: string }[];
  readonly nextCursor: string | null;
  readonly hasMore: boolean;
}

interface PageQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Events are given by the numbers that they go by now; marks under former numbers are theirs. */
export interface MarkStore {
  set(userId: number, eventId: number): Promise<void>;
  remove(userId: number, eventId: number): Promise<void>;
  /** Each event once, since its first mark. */
  list(userId: number, query: PageQuery): Promise<MarkedPage>;
}

const idRow = z.object({ id: z.int() });

/** Set again within so long, a mark is the one that was taken off, and its time is that of then. */
export const UNDO_MINUTES = 15;
const latelyUndone = (ids: readonly number[]) =>
  `user_id = ? AND ${idsIn('event_id', ids)} AND kind = ? AND
   undone_at > NOW(3) - INTERVAL ${UNDO_MINUTES} MINUTE`;

/** The events that people have marked in one way. */
export function createMarkStore(database: Database, kind: Mark): MarkStore {
  const { table, column } = MARKS[kind];

  /** Whoever sets and takes off at once does one after the other. */
  const inTurn = (userId: number, work: (queries: Queries) => Promise<void>) =>
    database.transaction(async (queries) => {
      await queries.query('SELECT id FROM users WHERE id = ? FOR UPDATE', [userId], idRow);
      await work(queries);
    });

  /** The number of an event, and those of which it turned out that they are it. */
  const numbersOf = async (queries: Queries, eventId: number) => {
    const sql = 'SELECT id FROM events WHERE merged_into = ? ORDER BY id';
    return [eventId, ...(await queries.query(sql, [eventId], idRow)).map(({ id }) => id)];
  };

  async function takeOff(queries: Queries, userId: number, eventId: number) {
    const own = [userId, eventId];
    await queries.run(
      `REPLACE INTO event_undone (user_id, event_id, kind, since, undone_at)
       SELECT user_id, event_id, ?, ${column}, NOW(3) FROM ${table}
       WHERE user_id = ? AND event_id = ?`,
      [kind, ...own],
    );
    await queries.run(`DELETE FROM ${table} WHERE user_id = ? AND event_id = ?`, own);
  }

  return {
    async set(userId, eventId) {
      await inTurn(userId, async (queries) => {
        const ids = await numbersOf(queries, eventId);
        const undone = [userId, ...ids, kind];
        // The first time counts: what is marked again has not become newer.
        await queries.run(
          `INSERT INTO ${table} (user_id, event_id, ${column})
           SELECT ?, ?, COALESCE((SELECT MIN(since) FROM event_undone WHERE ${latelyUndone(ids)}), NOW(3))
           ON DUPLICATE KEY UPDATE event_id = VALUES(event_id)`,
          [userId, eventId, ...undone],
        );
        await queries.run(`DELETE FROM event_undone WHERE ${latelyUndone(ids)}`, undone);
      });
    },
    async remove(userId, eventId) {
      await inTurn(userId, async (queries) => {
        for (const id of await numbersOf(queries, eventId)) await takeOff(queries, userId, id);
      });
    },
    async list(userId, { limit, cursor }) {
      const living = `(SELECT COALESCE(o.merged_into, o.id) AS id, MIN(s.${column}) AS at
        FROM ${table} s JOIN events o ON o.id = s.event_id WHERE s.user_id = ? GROUP BY 1) marked`;
      const { found, ...rest } = await findPage(
        database,
        {
          ...{ from: living, fromValues: [userId], id: 'marked.id', where: new Conditions() },
          ...{ limit, cursor, descending: true },
          key: { sql: 'marked.at', schema: cursorKey },
        },
        (ids) => loadEvents(database, ids),
      );
      const events = found.map(({ item: event, key }) => ({
        event,
        at: new Date(key as Date).toISOString(),
      }));
      return { events, ...rest };
    },
  };
}

/** More than anybody goes to; a calendar has to end somewhere. */
const MOST_UPCOMING = 500;

/** Numbers of a person's saved events that are not over, soonest first. */
export async function upcomingSaves(queries: Queries, userId: number, now: Date) {
  const rows = await queries.query(
    `SELECT DISTINCT e.id, e.starts_at FROM event_saves s JOIN events o ON o.id = s.event_id
       JOIN events e ON e.id = COALESCE(o.merged_into, o.id)
     WHERE s.user_id = ? AND COALESCE(e.ends_at, e.starts_at) >= ?
     ORDER BY e.starts_at, e.id ${limitSql(MOST_UPCOMING)}`,
    [userId, now],
    idRow,
  );
  return rows.map(({ id }) => id);
}
