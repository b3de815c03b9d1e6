import { name } from '@whatsthecraic/platform/fields';
import type { Contract } from '@whatsthecraic/platform/route';
import { z } from 'zod';

export const shownEvent = z.object({
  id: z.int().positive(),
  title: z.string(),
  startsAt: z.iso.datetime(),
  city: z.string(),
  venue: z.object({ id: z.int().positive(), name: z.string() }).nullable(),
});

/** Why an event is recommended; each is true of that event, and its number is the real one. */
const reason = z.discriminatedUnion('type', [
  z.object({ type: z.literal('saves'), count: z.int().positive() }),
  z.object({ type: z.literal('soon'), days: z.int().min(0) }),
]);

export const recommendation = z
  .object({
    event: shownEvent,
    score: z.number().min(0).max(1),
    reasons: z.array(reason),
  })
  .describe('An event worth going to, and why');

export const popular = {
  recommend: {
    method: 'get',
    path: '/v1/recommendations',
    published: '/v1/recommendations',
    summary: 'Upcoming events that people save most, the best first',
    auth: 'public',
    cache: 'public, max-age=60',
    request: {
      query: z.strictObject({
        city: name.optional().describe('All of Ireland without it'),
        limit: z.coerce.number().int().min(1).max(50).default(10),
      }),
    },
    response: {
      status: 200,
      body: z.object({
        model: z.literal('popularity').describe('What ranked them'),
        recommendations: z.array(recommendation),
      }),
    },
  },
} as const satisfies Contract;
