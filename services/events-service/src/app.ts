import { createDatabaseService, type Overrides } from '@whatsthecraic/platform/database-service';
import { bindRoutes } from '@whatsthecraic/platform/route';
import type { Service } from '@whatsthecraic/platform/service';
import { createVerifier } from '@whatsthecraic/platform/tokens';
import {
  createUpstream,
  createUpstreamDuration,
  type Upstream,
} from '@whatsthecraic/platform/upstream/upstream';
import type { Config } from './config.ts';
import { contract } from './contract.ts';
import { createHandlers } from './routes/handlers.ts';
import type { SpotifyClient } from './spotify/client.ts';
import { createSpotify, sweepJob } from './spotify/service.ts';
import { sweepFeeds } from './store/feeds.ts';

/** A feed waits no longer for what was learned: it is better soon than clever. */
const ML_SERVICE_MS = 300;

/** What is on: upcoming events, searched. */
export function createEventsService(config: Config, overrides: Overrides = {}): Service {
  let spotify: SpotifyClient | undefined;
  let mlService: Upstream | undefined;
  return createDatabaseService({
    name: 'events-service',
    description: 'What is on: upcoming events, searched.',
    schema: 23,
    config,
    tokens: createVerifier(config.tokens),
    ...overrides,
    routes(database, log, metrics) {
      spotify = createSpotify(config, database, log, metrics);
      mlService = createUpstream({
        ...{ name: 'ml-service', url: config.mlServiceUrl, deadlineMs: ML_SERVICE_MS },
        ...{ connectMs: ML_SERVICE_MS, duration: createUpstreamDuration(metrics) },
      });
      return bindRoutes(contract, createHandlers(database, spotify, mlService, log));
    },
    jobs: (database) => [sweepJob(() => spotify), sweepFeeds(database)],
    async close() {
      await spotify?.close();
      await mlService?.close();
    },
  });
}
