import type { Database } from '@whatsthecraic/platform/database';
import type { Handlers } from '@whatsthecraic/platform/route';
import { createCalendarHandlers } from '../calendar/handlers.ts';
import type { contract } from '../contract.ts';
import { timeWindow } from '../domain/time-window.ts';
import { EventNotFound } from '../errors.ts';
import { createSavedHandlers } from '../saved/handlers.ts';
import type { SpotifyClient } from '../spotify/client.ts';
import { createSpotifyHandlers } from '../spotify/handlers.ts';
import { createEventStore } from '../store/events.ts';
import { createSaveStore } from '../store/saves.ts';

export function createHandlers(
  database: Database,
  spotify: SpotifyClient | undefined,
): Handlers<typeof contract> {
  const events = createEventStore(database);
  const saves = createSaveStore(database);
  return {
    searchEvents({ query: { from, to, ...search } }) {
      return events.search({ ...search, window: timeWindow(from, to, new Date()) });
    },
    async getEvent({ params }) {
      const event = await events.findById(params.id);
      if (!event) throw new EventNotFound(params.id);
      return event;
    },
    ...createSavedHandlers(events, saves),
    ...createCalendarHandlers(database, events, saves),
    ...createSpotifyHandlers(spotify),
  };
}
