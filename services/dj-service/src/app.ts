import { createDatabaseService, type Overrides } from '@whatsthecraic/platform/database-service';
import { bindRoutes } from '@whatsthecraic/platform/route';
import type { Service } from '@whatsthecraic/platform/service';
import type { Config } from './config.ts';
import { contract } from './contract.ts';
import { createHandlers } from './routes/handlers.ts';
import { createDjStore } from './store/djs.ts';

/** The DJ directory. */
export function createDjService(config: Config, overrides: Overrides = {}): Service {
  return createDatabaseService({
    name: 'dj-service',
    description: 'The DJ directory.',
    schema: 4,
    config,
    ...overrides,
    routes: (database) => bindRoutes(contract, createHandlers(createDjStore(database))),
  });
}
