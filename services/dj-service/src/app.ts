import { createDatabaseService, type Overrides } from '@whatsthecraic/platform/database-service';
import { bindRoutes } from '@whatsthecraic/platform/route';
import type { Service } from '@whatsthecraic/platform/service';
import { createVerifier } from '@whatsthecraic/platform/tokens';
import type { Config } from './config.ts';
import { contract } from './contract.ts';
import { createJobs } from './jobs.ts';
import { createHandlers } from './routes/handlers.ts';

/** The DJ directory. */
export function createDjService(config: Config, overrides: Overrides = {}): Service {
  return createDatabaseService({
    name: 'dj-service',
    description: 'The DJ directory.',
    schema: 8,
    config,
    tokens: createVerifier(config.tokens),
    ...overrides,
    routes: (database) => bindRoutes(contract, createHandlers(database)),
    jobs: (database, log) => createJobs(config.ratesUrl, database, log),
  });
}
