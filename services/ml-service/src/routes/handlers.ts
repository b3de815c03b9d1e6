import type { Database } from '@whatsthecraic/platform/database';
import type { Handlers } from '@whatsthecraic/platform/route';
import type { contract } from '../contract.ts';
import { HORIZON_DAYS, rank } from '../domain/rank.ts';
import type { MlMetrics } from '../metrics.ts';
import type { ModelKeeper } from '../models/keeper.ts';
import type { Recommender } from '../recommend/recommender.ts';
import type { Experiment } from '../store/experiments.ts';
import { createPopularityStore } from '../store/popularity.ts';
import { experimentHandlers } from './experiment-handlers.ts';
import { modelHandlers } from './model-handlers.ts';
import { recommendationHandlers } from './recommendation-handlers.ts';

const DAY_MS = 86_400_000;

export interface Parts {
  readonly database: Database;
  readonly keeper: ModelKeeper;
  readonly recommender: Recommender;
  readonly metrics: MlMetrics;
  readonly now: () => Date;
  /** The experiment that runs, as of some seconds ago. */
  experiment(): Experiment | undefined;
}

export function createHandlers(parts: Parts): Handlers<typeof contract> {
  const { database, now } = parts;
  const popularity = createPopularityStore(database);
  return {
    async recommend({ query }) {
      const from = now();
      const to = new Date(from.getTime() + HORIZON_DAYS * DAY_MS);
      const candidates = await popularity.findCandidates({ from, to }, query.city);
      return { model: 'popularity', recommendations: rank(candidates, from, query.limit) };
    },
    ...recommendationHandlers(parts),
    ...modelHandlers(parts),
    ...experimentHandlers(parts),
  };
}
