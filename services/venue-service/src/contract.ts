import { pageQuery } from '@whatsthecraic/platform/cursor';
import { idParam, name, position, searchText } from '@whatsthecraic/platform/fields';
import type { Contract } from '@whatsthecraic/platform/route';
import { z } from 'zod';

export const venue = z
  .object({
    id: z.int().positive(),
    name: z.string(),
    address: z.string(),
    city: z.string(),
    capacity: z.int().nullable(),
    position,
    genres: z.array(z.string()),
    distanceKm: z.number().optional().describe('From the place asked with near'),
  })
  .describe('A venue');

const page = z.object({
  venues: z.array(venue),
  nextCursor: z.string().nullable(),
  hasMore: z.boolean(),
});

/** `53.3498,-6.2603`: latitude first, as maps show it. */
const near = z
  .string()
  .regex(/^-?\d{1,2}(\.\d{1,8})?,-?\d{1,3}(\.\d{1,8})?$/, 'expected latitude,longitude')
  .transform((text) => {
    const [latitude = 0, longitude = 0] = text.split(',').map(Number);
    return { latitude, longitude };
  })
  .pipe(
    z.object({
      // Near the poles a circle is no box of degrees any more; there are few gigs.
      latitude: z.number().min(-85).max(85),
      longitude: z.number().min(-180).max(180),
    }),
  );

const seats = z.coerce.number().int().min(0).max(1_000_000);

export const contract = {
  listVenues: {
    method: 'get',
    path: '/venues',
    published: '/venues',
    summary: 'All venues by name',
    auth: 'public',
    cache: 'public, max-age=60',
    request: { query: z.strictObject(pageQuery) },
    response: { status: 200, body: page },
  },
  searchVenues: {
    method: 'get',
    path: '/v1/venues/search',
    published: '/v1/venues/search',
    summary: 'Venues by name, place and size; the nearest first when asked with near',
    auth: 'public',
    cache: 'public, max-age=60',
    request: {
      query: z.strictObject({
        q: searchText.optional().describe('Words of the name or the address'),
        city: name.optional(),
        capacityMin: seats.optional(),
        capacityMax: seats.optional(),
        near: near.optional().describe('latitude,longitude: 53.3498,-6.2603'),
        radiusKm: z.coerce.number().positive().max(200).default(10).describe('With near'),
        ...pageQuery,
      }),
    },
    response: { status: 200, body: page },
  },
  getVenue: {
    method: 'get',
    path: '/venues/:id',
    published: '/venues/:id',
    summary: 'One venue',
    auth: 'public',
    cache: 'public, max-age=60',
    request: { params: z.object({ id: idParam }) },
    response: { status: 200, body: venue },
    problems: { 404: 'venue_not_found' },
  },
} as const satisfies Contract;
