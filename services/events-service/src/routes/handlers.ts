import type { Handlers } from '@whatsthecraic/platform/route';
import type { contract } from '../contract.ts';
import { timeWindow } from '../domain/time-window.ts';
import { EventNotFound } from '../errors.ts';
import type { SpotifyClient } from '../spotify/client.ts';
import { createSpotifyHandlers } from '../spotify/handlers.ts';
import type { EventStore } from '../store/events.ts';

export const createHandlers = (
  events: EventStore,
  spotify: SpotifyClient | undefined,
  now: () => Date = () => new Date(),
): Handlers<typeof contract> => ({
  searchEvents({ query: { from, to, ...search } }) {
    return events.search({ ...search, window: timeWindow(from, to, now()) });
  },
  async getEvent({ params }) {
    const event = await events.findById(params.id);
    if (!event) throw new EventNotFound(params.id);
    return event;
  },
  ...createSpotifyHandlers(spotify),
});
