import { event, contract as events } from '@whatsthecraic/events-service/contract';
import { name, position } from '@whatsthecraic/platform/fields';
import type { Contract } from '@whatsthecraic/platform/route';
import { z } from 'zod';

const { city, from, to, q, genres, priceMax, cursor } = events.searchEvents.request.query.shape;

/** An event with what the other services know of its place and its people. */
const gig = event.omit({ venue: true }).extend({
  venue: z
    .object({
      id: z.int().positive().nullable(),
      name: z.string(),
      address: z.string().nullable().describe('null: not known at the moment'),
      capacity: z.int().nullable(),
      position: position.nullable(),
    })
    .nullable(),
  djs: z
    .array(z.object({ id: z.int().positive(), name: z.string() }))
    .describe('The DJs that the title names'),
});
export type Gig = z.output<typeof gig>;

/** The gateway's own routes. */
export const contract = {
  listGigs: {
    method: 'get',
    path: '/api/gigs',
    published: '/api/gigs',
    summary: 'Upcoming gigs with their venues and DJs, in one answer',
    auth: 'public',
    cache: 'public, max-age=15',
    request: {
      query: z.strictObject({
        city,
        genre: name.optional().describe('The same as genres, for one of them'),
        genres,
        from,
        to,
        q,
        priceMax,
        limit: z.coerce.number().int().min(1).max(50).default(20),
        cursor,
      }),
    },
    response: {
      status: 200,
      body: z.object({
        gigs: z.array(gig),
        nextCursor: z.string().nullable(),
        hasMore: z.boolean(),
        degraded: z
          .array(z.string())
          .describe('Services that have not answered in time: what they know is missing'),
      }),
    },
    problems: { 502: 'upstream_unavailable', 504: 'upstream_timeout' },
  },
} as const satisfies Contract;
