import type { Database } from '@whatsthecraic/platform/database';
import { idsIn } from '@whatsthecraic/platform/page';
import { z } from 'zod';
import type { Entry } from '../calendar/calendar-file.ts';
import { loadEvents } from './events.ts';

const stampRow = z.object({ id: z.int(), updatedAt: z.date() });

/** Events as a calendar shows them, in the order of their numbers here. */
export async function readEntries(database: Database, ids: readonly number[]): Promise<Entry[]> {
  if (ids.length === 0) return [];
  const [events, stamps] = await Promise.all([
    loadEvents(database, ids),
    database.search(
      `SELECT e.id, e.updated_at AS updatedAt FROM events e WHERE ${idsIn('e.id', ids)}`,
      ids,
      stampRow,
    ),
  ]);
  const eventOf = new Map(events.map((event) => [event.id, event]));
  const stampOf = new Map(stamps.map(({ id, updatedAt }) => [id, updatedAt]));
  return ids.flatMap((id) => {
    const [event, changedAt] = [eventOf.get(id), stampOf.get(id)];
    return event && changedAt ? [{ event, changedAt }] : [];
  });
}
