import { randomBytes } from 'node:crypto';
import { decodeCursor, encodeCursor } from '@whatsthecraic/platform/cursor';
import type { Database } from '@whatsthecraic/platform/database';
import { InvalidRequest } from '@whatsthecraic/platform/errors';
import type { Job } from '@whatsthecraic/platform/job';
import { placeholders } from '@whatsthecraic/platform/sql';
import { z } from 'zod';
import type { Line } from '../feed/rank.ts';
import { SHOWN } from './event-list.ts';
import { notMarked } from './marked.ts';

/** A list as it was ranked, and what was known then. */
export interface Feed {
  readonly lines: readonly Line[];
  readonly isPersonal: boolean;
  readonly degraded: readonly string[];
}

interface FeedPage extends Feed {
  readonly nextCursor: string | null;
}

/** How long pages are cut from one list. */
const KEPT_MINUTES = 60;

const line = z.object({
  id: z.int(),
  score: z.number(),
  reasons: z.array(z.custom<Line['reasons'][number]>()),
});
const feedRow = z.object({
  id: z.string(),
  lines: z.string().transform((text) => z.array(line).parse(JSON.parse(text))),
  isPersonal: z.int().transform(Boolean),
  degraded: z.string().transform((text) => text.split(',').filter(Boolean)),
});
const idRow = z.object({ id: z.int() });

/** Keeps a list, so that its pages fit together whatever happens to tastes, models and the clock. */
export async function keepFeed(database: Database, userId: number, feed: Feed): Promise<string> {
  const id = randomBytes(16).toString('base64url');
  await database.run(
    `INSERT INTO feeds (id, user_id, lines_json, is_personal, degraded, made_at)
     VALUES (?, ?, ?, ?, ?, NOW(3))`,
    [id, userId, JSON.stringify(feed.lines), Number(feed.isPersonal), feed.degraded.join(',')],
  );
  return id;
}

/**
 * A page of a kept list: behind a cursor, or the first one of that number. What was hidden, saved or
 * called off meanwhile is left out.
 */
export async function feedPage(
  database: Database,
  userId: number,
  { id, from, limit }: { readonly id: string; readonly from: number; readonly limit: number },
): Promise<FeedPage> {
  const [feed] = await database.query(
    `SELECT id, lines_json AS \`lines\`, is_personal AS isPersonal, degraded FROM feeds
     WHERE id = ? AND user_id = ? AND made_at > NOW(3) - INTERVAL ${KEPT_MINUTES} MINUTE`,
    [id, userId],
    feedRow,
  );
  if (!feed) {
    const message = 'this list is over; ask again without a cursor';
    throw new InvalidRequest([{ field: 'query.cursor', message }]);
  }
  const rest = feed.lines.slice(from);
  const shown = await stillShown(database, userId, rest);
  const lines: Line[] = [];
  let read = 0;
  for (; read < rest.length && lines.length < limit; read++) {
    const next = rest[read];
    if (next && shown.has(next.id)) lines.push(next);
  }
  const hasMore = rest.slice(read).some((next) => shown.has(next.id));
  return { ...feed, lines, nextCursor: hasMore ? encodeCursor([feed.id, from + read]) : null };
}

/** The list that a cursor belongs to, and where in it the page before has ended. */
export function placeIn(cursor: string): { id: string; from: number } {
  const [id, from] = decodeCursor(cursor, z.tuple([z.string().length(22), z.int().min(1)]));
  return { id, from };
}

async function stillShown(database: Database, userId: number, lines: readonly Line[]) {
  if (lines.length === 0) return new Set<number>();
  const ids = lines.map(({ id }) => id);
  const rows = await database.search(
    `SELECT e.id FROM events e WHERE e.id IN (${placeholders(ids)}) AND ${SHOWN}
       AND ${notMarked('hide')} AND ${notMarked('save')}`,
    [...ids, userId, userId, userId, userId],
    idRow,
  );
  return new Set(rows.map(({ id }) => id));
}

/** Forgets lists from which no page is cut any more. */
export const sweepFeeds = (database: Database): Job => ({
  name: 'sweep-feeds',
  everyMs: 600_000,
  async run() {
    await database.run(
      `DELETE FROM feeds WHERE made_at < NOW(3) - INTERVAL ${KEPT_MINUTES} MINUTE
       ORDER BY made_at LIMIT 1000`,
      [],
    );
  },
});
