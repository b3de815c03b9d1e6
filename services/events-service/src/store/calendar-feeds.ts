import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '@whatsthecraic/platform/database';
import { z } from 'zod';

const feedRow = z.object({ createdAt: z.date(), readAt: z.date().nullable() });
const ownerRow = z.object({ userId: z.int() });

/** The addresses of people's calendars; of each only what proves it is kept. */
export const createCalendarFeeds = (database: Database) => ({
  find: (userId: number) =>
    database.query(
      'SELECT created_at AS createdAt, read_at AS readAt FROM calendar_feeds WHERE user_id = ?',
      [userId],
      feedRow,
    ),
  /** Makes a token, which is told this once; the one before it is gone. */
  async renew(userId: number): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await database.run(
      `REPLACE INTO calendar_feeds (user_id, token_hash, created_at, read_at)
       VALUES (?, ?, NOW(3), NULL)`,
      [userId, hashOf(token)],
    );
    return token;
  },
  async revoke(userId: number): Promise<void> {
    await database.run('DELETE FROM calendar_feeds WHERE user_id = ?', [userId]);
  },
  /** Whose calendar a token opens; notes that it was read. */
  async ownerOf(token: string): Promise<number | undefined> {
    const hash = hashOf(token);
    const [found] = await database.query(
      'SELECT user_id AS userId FROM calendar_feeds WHERE token_hash = ?',
      [hash],
      ownerRow,
    );
    if (!found) return undefined;
    // Programs read it all day: a row a time would be a write a read.
    await database.run(
      `UPDATE calendar_feeds SET read_at = NOW(3)
       WHERE token_hash = ? AND (read_at IS NULL OR read_at < NOW(3) - INTERVAL 1 HOUR)`,
      [hash],
    );
    return found.userId;
  },
});

const hashOf = (token: string) => createHash('sha256').update(token).digest();
