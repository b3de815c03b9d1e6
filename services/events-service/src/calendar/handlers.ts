import type { Database } from '@whatsthecraic/platform/database';
import { Answer, type Handlers } from '@whatsthecraic/platform/route';
import { CalendarNotFound, EventNotFound } from '../errors.ts';
import { readEntries } from '../store/calendar-entries.ts';
import { createCalendarFeeds } from '../store/calendar-feeds.ts';
import type { EventStore } from '../store/events.ts';
import { upcomingSaves } from '../store/marks.ts';
import { calendarFile, type Entry } from './calendar-file.ts';
import type { calendarContract } from './contract.ts';

export function createCalendarHandlers(
  database: Database,
  events: EventStore,
): Handlers<typeof calendarContract> {
  const feeds = createCalendarFeeds(database);
  return {
    async getEventCalendar({ params }) {
      const event = await events.findById(params.id);
      const entries = event ? await readEntries(database, [event.id]) : [];
      if (entries.length === 0) throw new EventNotFound(params.id);
      return asFile(entries, `event-${params.id}`);
    },
    async getCalendarFeed({ caller }) {
      const [feed] = await feeds.find(caller.id);
      return {
        createdAt: feed?.createdAt.toISOString() ?? null,
        readAt: feed?.readAt?.toISOString() ?? null,
      };
    },
    async renewCalendarFeed({ caller }) {
      return { path: `/v1/calendar/${await feeds.renew(caller.id)}.ics` };
    },
    async revokeCalendarFeed({ caller }) {
      await feeds.revoke(caller.id);
    },
    async readCalendarFeed({ params }) {
      const [, token] = /^([\w-]{43})\.ics$/.exec(params.file) ?? [];
      const owner = token === undefined ? undefined : await feeds.ownerOf(token);
      if (owner === undefined) throw new CalendarNotFound();
      const ids = await upcomingSaves(database, owner, new Date());
      return calendarFile(await readEntries(database, ids), 'What’s the Craic');
    },
    async getSavedCalendar({ caller }) {
      const ids = await upcomingSaves(database, caller.id, new Date());
      return asFile(await readEntries(database, ids), 'whatsthecraic-saved-events');
    },
  };
}

const asFile = (entries: readonly Entry[], name: string) =>
  new Answer(calendarFile(entries), {
    headers: { 'Content-Disposition': `attachment; filename="${name}.ics"` },
  });
