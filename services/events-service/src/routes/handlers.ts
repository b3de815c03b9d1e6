import type { Database } from '@whatsthecraic/platform/database';
import type { Log } from '@whatsthecraic/platform/log';
import type { Handlers } from '@whatsthecraic/platform/route';
import type { Upstream } from '@whatsthecraic/platform/upstream/upstream';
import { createAdminHandlers } from '../admin/handlers.ts';
import { createAlertHandlers } from '../alerts/handlers.ts';
import { createCalendarHandlers } from '../calendar/handlers.ts';
import type { contract } from '../contract.ts';
import { createFeedHandlers } from '../feed/handlers.ts';
import { createLocalEventHandlers } from '../local-events/handlers.ts';
import { createMarkHandlers } from '../marks/handlers.ts';
import { createPerformerHandlers } from '../performers/handlers.ts';
import { createSearchHandlers } from '../search/handlers.ts';
import type { SpotifyClient } from '../spotify/client.ts';
import { createSpotifyHandlers } from '../spotify/handlers.ts';
import { createEventStore } from '../store/events.ts';

export function createHandlers(
  database: Database,
  spotify: SpotifyClient | undefined,
  mlService: Upstream,
  log: Log,
): Handlers<typeof contract> {
  const events = createEventStore(database);
  return {
    ...createSearchHandlers(database, events),
    ...createMarkHandlers(database, events),
    ...createFeedHandlers(database, mlService, log),
    ...createPerformerHandlers(database),
    ...createAlertHandlers(database),
    ...createLocalEventHandlers(database),
    ...createAdminHandlers(database),
    ...createCalendarHandlers(database, events),
    ...createSpotifyHandlers(spotify),
  };
}
