import type { Handlers } from '@whatsthecraic/platform/route';
import type { contract } from '../contract.ts';
import { VenueNotFound } from '../errors.ts';
import type { VenueStore } from '../store/venues.ts';

export const createHandlers = (venues: VenueStore): Handlers<typeof contract> => ({
  listVenues: ({ query }) => venues.search(query),
  searchVenues: ({ query }) => venues.search(query),
  async getVenue({ params }) {
    const venue = await venues.findById(params.id);
    if (!venue) throw new VenueNotFound(params.id);
    return venue;
  },
});
