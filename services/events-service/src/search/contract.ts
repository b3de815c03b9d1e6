import { pageQuery } from '@whatsthecraic/platform/cursor';
import { idParam, name, nameList, near, searchText, yesNo } from '@whatsthecraic/platform/fields';
import type { Contract } from '@whatsthecraic/platform/route';
import { z } from 'zod';
import { NIGHTS } from '../domain/time-window.ts';
import { event } from '../event.ts';

/** A day in Ireland or a moment: `2026-12-01`, `2026-12-01T20:00:00Z`. */
const when = z.union([z.iso.date(), z.iso.datetime({ offset: true })], {
  error: 'expected a date (2026-12-01) or a time with its zone (2026-12-01T20:00:00Z)',
});
const euros = z.coerce.number().min(0).max(100_000);

export const SOURCES = ['ticketmaster', 'bandsintown', 'eventbrite', 'dice', 'local'] as const;
export const SORTS = ['soonest', 'nearest', 'relevance'] as const;

/** What events can be asked by, wherever they are asked for. */
export const filters = {
  city: name.optional().describe('All of Ireland without it'),
  near: near.optional().describe('latitude,longitude: 53.3498,-6.2603'),
  radiusKm: z.coerce.number().positive().max(200).optional().describe('With near; 10 without it'),
  from: when.optional().describe('First day or moment; now without it'),
  to: when.optional().describe('Last day (included) or moment; 90 days on without it'),
  when: z
    .enum(NIGHTS)
    .optional()
    .describe(
      'Instead of from and to, by Irish clocks: a night goes from 17:00 to 06:00, and a weekend from Friday’s night to Sunday’s',
    ),
  q: searchText.optional().describe('Words of the title, the description or the venue'),
  genres: nameList
    .optional()
    .describe('Any of these or of what belongs to them, with commas between them'),
  priceMin: euros.optional().describe('The dearest ticket costs as much at least'),
  priceMax: euros.optional().describe('The cheapest ticket costs no more; free is 0'),
  free: yesNo.optional().describe('true: what is known to cost nothing'),
  source: z.enum(SOURCES).optional().describe('What this source knows of'),
  artist: searchText.optional().describe('By name; case, accents and signs do not matter'),
  venue: searchText
    .optional()
    .describe('The name of a venue, or its number in the directory of venues'),
};

/** For a caller with a token. */
const includeHidden = yesNo
  .default(false)
  .describe('With a token: true shows what you have hidden, too');

const count = z.int().min(0);
const counted = z.array(z.object({ name: z.string(), count }));

export const searchContract = {
  searchEvents: {
    method: 'get',
    path: '/v1/events/search',
    published: '/v1/events/search',
    summary: 'Upcoming events, the soonest, the nearest or those first that fit the words best',
    auth: 'optional',
    cache: 'public, max-age=15',
    request: {
      query: z.strictObject({
        ...filters,
        includeHidden,
        sort: z
          .enum(SORTS)
          .default('soonest')
          .describe(
            'nearest needs near, relevance needs q: first titles that are its words, then those with them in this order, with all of them, with words that begin so, and what only the description or the venue has; the soonest first among equals',
          ),
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
  countEvents: {
    method: 'get',
    path: '/v1/events/facets',
    published: '/v1/events/facets',
    summary:
      'How many of the events that a search finds there are by genre, city, day, price, source',
    auth: 'public',
    cache: 'public, max-age=60',
    request: { query: z.strictObject(filters) },
    response: {
      status: 200,
      body: z.object({
        counted: count.describe('Events that were counted, the soonest first'),
        isComplete: z.boolean().describe('false: there are more than were counted'),
        genres: counted,
        cities: counted,
        days: counted.describe('Days in Ireland'),
        prices: z.object({ free: count, paid: count, unknown: count }),
        sources: counted,
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
} as const satisfies Contract;
