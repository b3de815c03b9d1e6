import type { ConfigOf } from '@whatsthecraic/platform/config';
import type { Database } from '@whatsthecraic/platform/database';
import type { Dependency } from '@whatsthecraic/platform/health';
import { forgetOldKeys } from '@whatsthecraic/platform/idempotency';
import type { Job } from '@whatsthecraic/platform/job';
import type { Log } from '@whatsthecraic/platform/log';
import type { Metrics } from '@whatsthecraic/platform/metrics';
import type { modelSettings } from './config.ts';
import { createMlMetrics } from './metrics.ts';
import { createModelKeeper } from './models/keeper.ts';
import { openModelStore } from './models/open-store.ts';
import { createCatalogue } from './recommend/catalogue.ts';
import { createRecommender } from './recommend/recommender.ts';
import type { Parts } from './routes/handlers.ts';
import { type Experiment, runningExperiment } from './store/experiments.ts';
import { forgetOldExposures } from './store/exposures.ts';

export interface LearnerOptions {
  readonly database: Database;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly models: ConfigOf<typeof modelSettings>;
  readonly now: () => Date;
}

/** What the service keeps between requests: events, model and experiment, and what renews them. */
export interface Learner {
  readonly parts: Parts;
  readonly dependency: Dependency;
  readonly jobs: readonly Job[];
}

const SECOND_MS = 1_000;

export function createLearner({ database, log, metrics, models, now }: LearnerOptions): Learner {
  const keeper = createModelKeeper(database, openModelStore(models), log);
  const catalogue = createCatalogue(database, now);
  const recommender = createRecommender(database, catalogue, keeper, now);
  let running: Experiment | undefined;
  let loading: Promise<unknown> | undefined;

  async function follow(): Promise<void> {
    running = await runningExperiment(database);
    const before = keeper.serving.version;
    await keeper.follow();
    if (keeper.serving.version !== before) await recommender.renew();
  }

  async function refresh(): Promise<void> {
    await catalogue.refresh();
    await recommender.renew();
  }

  /** Once at a time, however often the health asks meanwhile. */
  function load(): Promise<unknown> {
    loading ??= follow()
      .then(refresh)
      .finally(() => {
        loading = undefined;
      });
    return loading;
  }

  return {
    parts: {
      ...{ database, keeper, recommender, now },
      metrics: createMlMetrics(metrics, keeper, now),
      experiment: () => running,
    },
    dependency: {
      name: 'model',
      // Ready means that what there is to recommend is known, and the last good model loaded. That is
      // the first answer; a model in trouble degrades the service later and never stops it.
      required: true,
      async check() {
        if (catalogue.edition === 0) await load();
        else if (keeper.trouble) throw new Error(keeper.trouble);
        return undefined;
      },
    },
    jobs: [
      { name: 'events to recommend', everyMs: 30 * SECOND_MS, run: refresh },
      { name: 'model in service', everyMs: 5 * SECOND_MS, run: follow },
      { name: 'old exposures', everyMs: 600 * SECOND_MS, run: () => forgetOldExposures(database) },
      {
        name: 'old idempotency keys',
        everyMs: 3600 * SECOND_MS,
        run: () => forgetOldKeys(database),
      },
    ],
  };
}
