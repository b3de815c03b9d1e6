import { Counter, Gauge, Histogram, type Metrics } from '@whatsthecraic/platform/metrics';
import type { ModelKeeper } from './models/keeper.ts';

export type MlMetrics = ReturnType<typeof createMlMetrics>;

/** What there is to watch of recommendations beside their answer times. */
export function createMlMetrics({ registry }: Metrics, keeper: ModelKeeper, now: () => Date) {
  const registers = [registry];
  new Gauge({
    name: 'model_age_seconds',
    help: 'Since the model in service was trained; absent while popularity serves.',
    registers,
    labelNames: ['version'],
    collect() {
      const { version, trainedAt } = keeper.serving;
      this.reset();
      if (trainedAt) this.set({ version }, (now().getTime() - trainedAt.getTime()) / 1000);
    },
  });
  new Gauge({
    name: 'model_in_trouble',
    help: '1 while the model that should serve cannot be read.',
    registers,
    collect() {
      this.set(keeper.trouble ? 1 : 0);
    },
  });
  return {
    /** Its `known` tells the share of cold answers: anonymous and new ones of all. */
    lists: new Counter({
      name: 'recommendation_lists_total',
      help: 'Lists given, by what ranked them and by how much was known of whom they are for.',
      labelNames: ['ranking', 'known'],
      registers,
    }),
    fallbacks: new Counter({
      name: 'recommendation_fallbacks_total',
      help: 'Lists that popularity had to make since no model was there.',
      labelNames: ['reason'],
      registers,
    }),
    ownTime: new Histogram({
      name: 'recommendation_own_seconds',
      help: 'Time to rank, without what the database took.',
      buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.1],
      registers,
    }),
    exposures: new Counter({
      name: 'recommendation_exposures_total',
      help: 'Lists shown, by variant of the experiment that ran.',
      labelNames: ['variant'],
      registers,
    }),
    feedback: new Counter({
      name: 'recommendation_feedback_total',
      help: 'Feedback kept, by action and by the variant whose list it answers.',
      labelNames: ['variant', 'action'],
      registers,
    }),
  };
}
