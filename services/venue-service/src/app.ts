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
import { createJobs } from './jobs.ts';
import { createHandlers } from './routes/handlers.ts';

/** Below the gateway's deadline, so that it is this service that tells who was late. */
const DJ_SERVICE_MS = 3_000;

/** The venue directory, and the marketplace of organizers. */
export function createVenueService(config: Config, overrides: Overrides = {}): Service {
  let upstream: Upstream | undefined;
  return createDatabaseService({
    name: 'venue-service',
    description: 'The venue directory and the marketplace of organizers.',
    schema: 22,
    config,
    tokens: createVerifier(config.tokens),
    ...overrides,
    routes(database, log, metrics) {
      const duration = createUpstreamDuration(metrics);
      const url = config.djServiceUrl;
      const dj = { name: 'dj-service', url, duration, deadlineMs: DJ_SERVICE_MS };
      upstream = createUpstream(dj);
      return bindRoutes(contract, createHandlers(database, upstream, log));
    },
    jobs: createJobs,
    close: async () => upstream?.close(),
  });
}
