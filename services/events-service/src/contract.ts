import { pageQuery } from '@whatsthecraic/platform/cursor';
import { idParam, name, nameList, searchText } from '@whatsthecraic/platform/fields';
import type { Contract } from '@whatsthecraic/platform/route';
import { z } from 'zod';
import { calendarContract } from './calendar/contract.ts';
import { event } from './event.ts';
import { savedContract } from './saved/contract.ts';
import { spotifyContract } from './spotify/contract.ts';

export { event };

/** A day in Ireland or a moment: `2026-12-01`, `2026-12-01T20:00:00Z`. */
const when = z.union([z.iso.date(), z.iso.datetime({ offset: true })], {
  error: 'expected a date (2026-12-01) or a time with its zone (2026-12-01T20:00:00Z)',
});

export const contract = {
  searchEvents: {
    method: 'get',
    path: '/v1/events/search',
    published: '/v1/events/search',
    summary: 'Upcoming events, soonest first',
    auth: 'public',
    cache: 'public, max-age=15',
    request: {
      query: z.strictObject({
        city: name.optional().describe('All of Ireland without it'),
        from: when.optional().describe('First day or moment; now without it'),
        to: when.optional().describe('Last day (included) or moment; 90 days on without it'),
        q: searchText.optional().describe('Words of the title, the description or the venue'),
        genres: nameList.optional().describe('Any of these, with commas between them'),
        priceMax: z.coerce.number().min(0).max(100_000).optional().describe('Free is 0'),
        ...pageQuery,
      }),
    },
    response: {
      status: 200,
      body: z.object({
        events: z.array(event),
        nextCursor: z.string().nullable(),
        hasMore: z.boolean(),
      }),
    },
  },
  getEvent: {
    method: 'get',
    path: '/v1/events/:id',
    published: '/v1/events/:id',
    summary: 'One event',
    auth: 'public',
    cache: 'public, max-age=15',
    request: { params: z.object({ id: idParam }) },
    response: { status: 200, body: event },
    problems: { 404: 'event_not_found' },
  },
  ...savedContract,
  ...calendarContract,
  ...spotifyContract,
} as const satisfies Contract;
