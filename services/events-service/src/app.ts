import { createDatabaseService, type Overrides } from '@whatsthecraic/platform/database-service';
import { bindRoutes } from '@whatsthecraic/platform/route';
import type { Service } from '@whatsthecraic/platform/service';
import { createVerifier } from '@whatsthecraic/platform/tokens';
import type { Config } from './config.ts';
import { contract } from './contract.ts';
import { createHandlers } from './routes/handlers.ts';
import type { SpotifyClient } from './spotify/client.ts';
import { createSpotify, sweepJob } from './spotify/service.ts';

/** What is on: upcoming events, searched. */
export function createEventsService(config: Config, overrides: Overrides = {}): Service {
  let spotify: SpotifyClient | undefined;
  return createDatabaseService({
    name: 'events-service',
    description: 'What is on: upcoming events, searched.',
    schema: 15,
    config,
    tokens: createVerifier(config.tokens),
    ...overrides,
    routes(database, log, metrics) {
      spotify = createSpotify(config, database, log, metrics);
      return bindRoutes(contract, createHandlers(database, spotify));
    },
    jobs: () => [sweepJob(() => spotify)],
    close: async () => spotify?.close(),
  });
}
