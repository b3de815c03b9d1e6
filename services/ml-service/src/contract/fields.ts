import { z } from 'zod';

export const FEEDBACK_ACTIONS = [
  ...(['save', 'unsave', 'hide', 'unhide'] as const),
  ...(['click', 'calendar', 'up', 'down'] as const),
];

export const variant = z.object({
  name: z.string().regex(/^[a-z0-9-]{1,32}$/, 'expected a word of a-z, 0-9 and -'),
  share: z.number().positive().max(1000).describe('Its part of all, beside the others’ shares'),
  ranking: z.enum(['model', 'popularity']),
});

const figures = z.object({ ndcg: z.number(), recall: z.number(), map: z.number() });
const cohort = figures.extend({ people: z.int() });
const evaluation = cohort.extend({
  coverage: z.number(),
  cohorts: z.object({ new: cohort, light: cohort, heavy: cohort }),
});

/** What a training found: of the new model, of popularity, and of the one in service, on one split. */
export const report = z.object({
  model: evaluation,
  popularity: evaluation,
  inService: evaluation.nullable(),
});
export type Report = z.output<typeof report>;
