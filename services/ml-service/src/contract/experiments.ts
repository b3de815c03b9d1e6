import type { Contract } from '@whatsthecraic/platform/route';
import { z } from 'zod';
import { variant } from './fields.ts';

const params = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,64}$/, 'expected a word of a-z, 0-9 and -'),
});
const state = z.enum(['running', 'ended']);
const variants = z
  .array(variant)
  .min(2)
  .max(8)
  .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, {
    message: 'expected names that differ',
  });
const rate = z.number().min(0).max(1).nullable();

export const experiments = {
  listExperiments: {
    method: 'get',
    path: '/v1/experiments',
    published: '/v1/experiments',
    summary: 'The experiments, the newest first',
    auth: ['admin'],
    response: {
      status: 200,
      body: z.object({ experiments: z.array(z.object({ id: z.string(), state, variants })) }),
    },
  },
  beginExperiment: {
    method: 'put',
    path: '/v1/experiments/:id',
    published: '/v1/experiments/:id',
    summary: 'Begin an experiment; the one that runs ends with it',
    auth: ['admin'],
    request: { params, body: z.strictObject({ variants }) },
    response: { status: 201, body: z.object({ id: z.string() }) },
    problems: { 409: 'experiment_exists' },
  },
  endExperiment: {
    method: 'patch',
    path: '/v1/experiments/:id',
    published: '/v1/experiments/:id',
    summary: 'End an experiment',
    auth: ['admin'],
    request: { params, body: z.strictObject({ state: z.literal('ended') }) },
    response: { status: 200, body: z.object({ id: z.string() }) },
    problems: { 404: 'unknown_experiment' },
  },
  experimentResults: {
    method: 'get',
    path: '/v1/experiments/:id/results',
    published: '/v1/experiments/:id/results',
    summary: 'People, lists, and the shares of lists that led to a click or a save, per variant',
    auth: ['admin'],
    request: { params },
    response: {
      status: 200,
      body: z.object({
        id: z.string(),
        state,
        variants: z.array(
          z.object({
            name: z.string(),
            ranking: z.enum(['model', 'popularity']),
            people: z.int(),
            exposures: z.int(),
            clickRate: rate,
            saveRate: rate,
          }),
        ),
      }),
    },
    problems: { 404: 'unknown_experiment' },
  },
} as const satisfies Contract;
