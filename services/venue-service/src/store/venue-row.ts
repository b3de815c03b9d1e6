import { genreList, genresOf } from '@whatsthecraic/platform/genre-names';
import { z } from 'zod';
import type { venue } from '../contract.ts';

export type Venue = z.output<typeof venue>;

export const venueColumns = `v.id, v.name, v.address, v.city, v.capacity, v.version,
  ST_Y(v.position) AS latitude, ST_X(v.position) AS longitude,
  ${genresOf('venue_genres', 'venue_id', 'v.id')} AS genres`;

/** A row of `venueColumns`. */
export const versionedVenue = z
  .object({
    id: z.int(),
    name: z.string(),
    address: z.string(),
    city: z.string(),
    capacity: z.int().nullable(),
    version: z.int(),
    latitude: z.number(),
    longitude: z.number(),
    genres: genreList,
  })
  .transform(({ latitude, longitude, version, ...rest }) => {
    const entry: Venue = { ...rest, position: { latitude, longitude } };
    return { entry, version };
  });

export const venueRow = versionedVenue.transform(({ entry }) => entry);
