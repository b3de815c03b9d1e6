import { createDatabaseService, type Overrides } from '@whatsthecraic/platform/database-service';
import { bindRoutes } from '@whatsthecraic/platform/route';
import type { Service } from '@whatsthecraic/platform/service';
import type { Config } from './config.ts';
import { contract } from './contract.ts';
import { createHandlers } from './routes/handlers.ts';
import { createPopularityStore } from './store/popularity.ts';

/** Recommendations: popular events until the model comes. */
export function createMlService(config: Config, overrides: Overrides = {}): Service {
  return createDatabaseService({
    name: 'ml-service',
    description: 'Recommendations: popular events until the model comes.',
    schema: 6,
    config,
    ...overrides,
    routes: (database) => bindRoutes(contract, createHandlers(createPopularityStore(database))),
  });
}
