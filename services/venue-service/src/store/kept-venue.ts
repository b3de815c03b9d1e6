import type { Queries } from '@whatsthecraic/platform/database';
import { isDuplicateKey } from '@whatsthecraic/platform/database-errors';
import type { Assignment } from '@whatsthecraic/platform/directory/edit';
import type { Kept, Written } from '@whatsthecraic/platform/directory/keep';
import { requireCity, requireGenres } from '@whatsthecraic/platform/directory/reference';
import { slugOf } from '@whatsthecraic/platform/directory/slug-of';
import { type NewVenue, type VenueChange, venue } from '../contract.ts';
import { VenueExists } from '../errors.ts';
import { subject } from './subject.ts';
import type { Venue } from './venue-row.ts';
import { findVenue } from './venues.ts';

/** How a venue is written. */
export const keptVenue: Kept<Venue, NewVenue, VenueChange> = {
  subject,
  path: '/venues',
  entry: venue,
  find: findVenue,
  async toCreate(queries, body) {
    const written = await toWritten(queries, body);
    const slug: Assignment = { column: 'slug', value: slugOf(body.name, body.city) };
    return { ...written, columns: [slug, ...written.columns] };
  },
  toChange: toWritten,
  explain: (error) =>
    isDuplicateKey(error, 'uq_venues_city_name_address') ? new VenueExists() : error,
};

async function toWritten(queries: Queries, body: VenueChange): Promise<Written> {
  const { name, address, city, capacity, position, genres, contact } = body;
  const columns: Assignment[] = [];
  if (name !== undefined) columns.push({ column: 'name', value: name });
  if (address !== undefined) columns.push({ column: 'address', value: address });
  if (capacity !== undefined) columns.push({ column: 'capacity', value: capacity });
  if (city !== undefined) columns.push({ column: 'city', value: await requireCity(queries, city) });
  if (position) {
    const point = `POINT(${position.longitude} ${position.latitude})`;
    columns.push({ column: 'position', value: point, sql: 'ST_GeomFromText(?)' });
  }
  const genreIds = genres && (await requireGenres(queries, genres));
  return { columns, genreIds, contact };
}
