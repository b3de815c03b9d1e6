import { createDatabaseService, type Overrides } from '@whatsthecraic/platform/database-service';
import { bindRoutes } from '@whatsthecraic/platform/route';
import type { Service } from '@whatsthecraic/platform/service';
import { createVerifier } from '@whatsthecraic/platform/tokens';
import type { Config } from './config.ts';
import { contract } from './contract.ts';
import { createLearner, type Learner } from './learner.ts';
import { createHandlers } from './routes/handlers.ts';

/** Recommendations by what is known of whoever asks; popular events where nothing is. */
export function createMlService(config: Config, overrides: Overrides = {}): Service {
  const clock = overrides.now ?? Date.now;
  let learner: Learner | undefined;
  return createDatabaseService({
    name: 'ml-service',
    description: 'Recommendations, and what they learn from.',
    schema: 17,
    config,
    tokens: createVerifier(config.tokens),
    ...overrides,
    routes(database, log, metrics) {
      const now = () => new Date(clock());
      learner = createLearner({ database, log, metrics, models: config.models, now });
      return bindRoutes(contract, createHandlers(learner.parts));
    },
    dependencies: () => (learner ? [learner.dependency] : []),
    jobs: () => learner?.jobs ?? [],
  });
}
