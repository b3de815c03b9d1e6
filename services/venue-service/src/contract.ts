import { pageQuery } from '@whatsthecraic/platform/cursor';
import { contactChange } from '@whatsthecraic/platform/directory/contact';
import { keeperRoutes } from '@whatsthecraic/platform/directory/routes';
import {
  changeOf,
  genreNames,
  idList,
  idParam,
  moment,
  name,
  nameList,
  near,
  searchText,
  text,
} from '@whatsthecraic/platform/fields';
import type { Contract } from '@whatsthecraic/platform/route';
import { z } from 'zod';
import { contactRequests } from './contract/contact-requests.ts';
import { plans } from './contract/plans.ts';
import { shortlist } from './contract/shortlist.ts';
import { venue } from './contract/venue.ts';

export { venue };

const page = z.object({
  venues: z.array(venue),
  nextCursor: z.string().nullable(),
  hasMore: z.boolean(),
});

const seats = z.coerce.number().int().min(0).max(1_000_000);

const capacity = z.int().min(1).max(1_000_000).nullable();
const place = z.strictObject({
  latitude: z.number().min(-85).max(85),
  longitude: z.number().min(-180).max(180),
});

const newVenue = z.strictObject({
  name: text(160),
  address: text(255),
  city: name,
  position: place,
  capacity: capacity.default(null),
  genres: genreNames.default([]),
  contact: contactChange.optional(),
});
export type NewVenue = z.output<typeof newVenue>;

const venueChange = changeOf({
  name: text(160).optional(),
  address: text(255).optional(),
  city: name.optional(),
  position: place.optional(),
  capacity: capacity.optional(),
  genres: genreNames.optional(),
  contact: contactChange.optional(),
});
export type VenueChange = z.output<typeof venueChange>;

const kept = keeperRoutes({
  path: '/venues',
  versioned: '/v1/venues',
  one: 'venue',
  called: 'venue',
  entry: venue,
  create: newVenue,
  change: venueChange,
});

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
    summary: 'Venues by name, place, size and free time; the nearest first when asked with near',
    auth: 'public',
    cache: 'public, max-age=60',
    request: {
      query: z.strictObject({
        q: searchText.optional().describe('Words of the name or the address'),
        city: name.optional(),
        genres: nameList.optional().describe('Any of these, with commas between them'),
        capacityMin: seats.optional(),
        capacityMax: seats.optional(),
        near: near.optional().describe('latitude,longitude: 53.3498,-6.2603'),
        radiusKm: z.coerce.number().positive().max(200).default(10).describe('With near'),
        freeFrom: moment.optional().describe('With freeTo: offered for all of it, and not booked'),
        freeTo: moment.optional().describe('The first moment that need not be free'),
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
  venuesById: {
    method: 'get',
    path: '/internal/venues',
    summary: 'The venues with these numbers, for the gateway',
    auth: 'public',
    request: { query: z.strictObject({ ids: idList }) },
    response: { status: 200, body: z.object({ venues: z.array(venue) }) },
  },
  ...plans,
  ...shortlist,
  ...contactRequests,
  createVenue: kept.create,
  changeVenue: kept.change,
  removeVenue: kept.remove,
  getVenueContact: kept.getContact,
  listVenueChanges: kept.listChanges,
  listVenueAvailability: kept.listAvailability,
  addVenueAvailability: kept.addAvailability,
  removeVenueAvailability: kept.removeAvailability,
} as const satisfies Contract;
