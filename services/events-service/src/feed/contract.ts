import { pageQuery } from '@whatsthecraic/platform/cursor';
import type { Contract } from '@whatsthecraic/platform/route';
import { z } from 'zod';
import { event } from '../event.ts';
import { filters } from '../search/contract.ts';

/** Of a route that asks another service in its caller's name; that one judges the token too. */
const bearerHeader = { authorization: z.string() };

const reason = z.object({
  type: z.enum(['artist', 'venue', 'genre', 'city', 'night', 'budget', 'recommended']),
  name: z.string(),
  because: z
    .enum(['followed', 'chosen', 'saved', 'listened', 'learned'])
    .describe(
      'Followed, chosen in the preferences, saved before, listened to, or learned from many',
    ),
  sentence: z.string(),
});

export const feedContract = {
  myFeed: {
    method: 'get',
    path: '/v1/users/me/feed',
    published: '/v1/users/me/feed',
    summary:
      'Events to come for whoever asks, the best first, with reasons; what is saved or hidden is left out',
    auth: 'user',
    request: {
      headers: z.object(bearerHeader),
      query: z.strictObject({ ...filters, ...pageQuery }),
    },
    response: {
      status: 200,
      body: z.object({
        events: z.array(
          event.extend({
            score: z.number().min(0).max(1),
            reasons: z.array(reason).describe('What has carried the score, most of it first'),
          }),
        ),
        nextCursor: z.string().nullable().describe('Good for an hour; the list stays as it is'),
        hasMore: z.boolean(),
        personalised: z.boolean().describe('Whether anything was known of the person'),
        degraded: z
          .array(z.string())
          .describe('Services that have not answered in time: what they have learned is missing'),
      }),
    },
  },
} as const satisfies Contract;
