import type { Database } from '@whatsthecraic/platform/database';
import { idsIn } from '@whatsthecraic/platform/page';
import { z } from 'zod';
import type { Entry } from '../calendar/calendar-file.ts';
import { loadEvents } from './events.ts';

const stampRow = z.object({ id: z.int(), createdAt: z.date(), updatedAt: z.date() });

/** Events as a calendar shows them, in the order of their numbers here. */
export async function readEntries(database: Database, ids: readonly number[]): Promise<Entry[]> {
  if (ids.length === 0) return [];
  const [events, stamps] = await Promise.all([
    loadEvents(database, ids),
    database.search(
      `SELECT e.id, e.created_at AS createdAt, e.updated_at AS updatedAt FROM events e WHERE ${idsIn('e.id', ids)}`,
      ids,
      stampRow,
    ),
  ]);
  const eventOf = new Map(events.map((event) => [event.id, event]));
  const stampOf = new Map(stamps.map((stamp) => [stamp.id, stamp]));
  return ids.flatMap((id) => {
    const [event, stamp] = [eventOf.get(id), stampOf.get(id)];
    if (!event || !stamp) return [];
    // In seconds: a number that grows with each change, and nobody has to count them.
    const sequence = Math.floor((stamp.updatedAt.getTime() - stamp.createdAt.getTime()) / 1000);
    return [{ event, changedAt: stamp.updatedAt, sequence: Math.max(0, sequence) }];
  });
}
