import type { Database } from '@whatsthecraic/platform/database';
import { Conditions, limitSql } from '@whatsthecraic/platform/sql';
import { z } from 'zod';
import type { Candidate } from '../domain/rank.ts';

export interface PopularityStore {
  /** Upcoming events of the window: those saved most, and the soonest, each once. */
  findCandidates(window: { from: Date; to: Date }, city: string | undefined): Promise<Candidate[]>;
}

const MOST_SAVED = 200;
const SOONEST = 100;

const candidateRow = z
  .object({
    id: z.int(),
    title: z.string(),
    startsAt: z.date(),
    city: z.string(),
    venueId: z.int().nullable(),
    venueName: z.string().nullable(),
    saves: z.int(),
  })
  .transform(
    ({ saves, venueId, venueName, startsAt, ...rest }): Candidate => ({
      event: {
        ...rest,
        startsAt: startsAt.toISOString(),
        venue: venueId !== null && venueName !== null ? { id: venueId, name: venueName } : null,
      },
      saves,
    }),
  );

export function createPopularityStore(database: Database): PopularityStore {
  return {
    findCandidates(window, city) {
      const { sql, values } = candidatesSql(window, city);
      return database.search(sql, values, candidateRow);
    },
  };
}

function candidatesSql(window: { from: Date; to: Date }, city: string | undefined) {
  const where = new Conditions();
  where.add('e.starts_at >= ? AND e.starts_at < ?', window.from, window.to);
  where.add("e.status = 'scheduled'");
  if (city !== undefined) where.add('e.city = ?', city);
  const mostSaved = `SELECT e.id FROM events e JOIN event_saves s ON s.event_id = e.id
    WHERE ${where.sql} GROUP BY e.id ORDER BY COUNT(*) DESC, e.id ${limitSql(MOST_SAVED)}`;
  const soonest = `SELECT e.id FROM events e WHERE ${where.sql}
    ORDER BY e.starts_at, e.id ${limitSql(SOONEST)}`;
  const sql = `SELECT e.id, e.title, e.starts_at AS startsAt, e.city, v.id AS venueId,
      v.name AS venueName,
      (SELECT COUNT(*) FROM event_saves s WHERE s.event_id = e.id) AS saves
    FROM (SELECT id FROM (${mostSaved}) most_saved UNION SELECT id FROM (${soonest}) soonest) found
    JOIN events e ON e.id = found.id LEFT JOIN venues v ON v.id = e.venue_id`;
  return { sql, values: [...where.values, ...where.values] };
}
