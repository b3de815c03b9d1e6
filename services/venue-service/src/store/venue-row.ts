import { genreList, genresOf } from '@whatsthecraic/platform/genre-names';
import { z } from 'zod';
import type { venue } from '../contract.ts';

export type Venue = z.output<typeof venue>;

export const venueColumns = `v.id, v.name, v.address, v.city, v.capacity,
  ST_Y(v.position) AS latitude, ST_X(v.position) AS longitude,
  ${genresOf('venue_genres', 'venue_id', 'v.id')} AS genres`;

/** A row of `venueColumns`, with `metres` when the search was for a place. */
export const venueRow = z
  .object({
    id: z.int(),
    name: z.string(),
    address: z.string(),
    city: z.string(),
    capacity: z.int().nullable(),
    latitude: z.number(),
    longitude: z.number(),
    genres: genreList,
    metres: z.number().optional(),
  })
  .transform(
    ({ latitude, longitude, metres, ...rest }): Venue => ({
      ...rest,
      position: { latitude, longitude },
      ...(metres === undefined ? {} : { distanceKm: metres / 1000 }),
    }),
  );
