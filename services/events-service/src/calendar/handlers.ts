import type { Database } from '@whatsthecraic/platform/database';
import { Answer, type Handlers } from '@whatsthecraic/platform/route';
import { EventNotFound } from '../errors.ts';
import { readEntries } from '../store/calendar-entries.ts';
import type { EventStore } from '../store/events.ts';
import type { SaveStore } from '../store/saves.ts';
import { calendarFile, type Entry } from './calendar-file.ts';
import type { calendarContract } from './contract.ts';

export const createCalendarHandlers = (
  database: Database,
  events: EventStore,
  saves: SaveStore,
): Handlers<typeof calendarContract> => ({
  async getEventCalendar({ params }) {
    const event = await events.findById(params.id);
    const entries = event ? await readEntries(database, [event.id]) : [];
    if (entries.length === 0) throw new EventNotFound(params.id);
    return asFile(entries, `event-${params.id}`);
  },
  async getSavedCalendar({ caller }) {
    const ids = await saves.upcoming(caller.id, new Date());
    return asFile(await readEntries(database, ids), 'whatsthecraic-saved-events');
  },
});

const asFile = (entries: readonly Entry[], name: string) =>
  new Answer(calendarFile(entries), {
    headers: { 'Content-Disposition': `attachment; filename="${name}.ics"` },
  });
