import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '@whatsthecraic/platform/database';
import { placeholders } from '@whatsthecraic/platform/sql';
import { z } from 'zod';
import type { AnnouncedEvent } from '../mail/texts.ts';

/** How long the link of a mail ends such mails. */
const LINK_DAYS = 90;

const row = z.object({
  title: z.string(),
  startsAt: z.date(),
  city: z.string(),
  venue: z.string().nullable(),
  ticketUrl: z.string().nullable(),
});

/** Of these events those that somebody is still to be told of: to come, on, not hidden, alerts not paused. */
export const findAnnounced = (
  database: Database,
  userId: number,
  ids: readonly number[],
): Promise<AnnouncedEvent[]> =>
  database.search(
    `SELECT e.title, e.starts_at AS startsAt, e.city, COALESCE(v.name, p.venue_name) AS venue,
       e.ticket_url AS ticketUrl
     FROM events e JOIN alert_notices n ON n.event_id = e.id AND n.user_id = ?
       JOIN alerts a ON a.id = n.alert_id AND a.paused_at IS NULL
       LEFT JOIN venues v ON v.id = e.venue_id LEFT JOIN event_places p ON p.event_id = e.id
     WHERE e.id IN (${placeholders(ids)}) AND e.starts_at > NOW(3) AND e.status <> 'cancelled'
       AND e.merged_into IS NULL AND e.withdrawn_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM event_hides h WHERE h.user_id = n.user_id AND h.event_id = e.id)
       AND NOT EXISTS (SELECT 1 FROM events o JOIN event_hides h
         ON h.event_id = o.id AND h.user_id = n.user_id WHERE o.merged_into = e.id)
     ORDER BY e.starts_at, e.id`,
    [userId, ...ids],
    row,
  );

/** A token for the link of one mail; only what proves it is kept. */
export async function issueUnsubscribe(database: Database, userId: number): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await database.run(
    `INSERT INTO alert_unsubscribes (token_hash, user_id, expires_at)
     VALUES (?, ?, NOW(3) + INTERVAL ${LINK_DAYS} DAY)`,
    [createHash('sha256').update(token).digest(), userId],
  );
  return token;
}
