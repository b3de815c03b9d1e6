import type { Queries } from '@whatsthecraic/platform/database';
import { z } from 'zod';

const nameRow = z.object({ name: z.string() }).transform(({ name }) => name);

/** Who plays in the weeks to come, those with the most gigs first. */
export const readUpcomingArtists = (queries: Queries): Promise<string[]> =>
  queries.query(
    `SELECT a.name FROM event_artists x
     JOIN events e ON e.id = x.event_id AND e.starts_at >= NOW(3)
     JOIN artists a ON a.id = x.artist_id
     WHERE e.merged_into IS NULL AND e.withdrawn_at IS NULL
     GROUP BY a.id, a.name ORDER BY COUNT(*) DESC, a.id LIMIT 500`,
    [],
    nameRow,
  );
