import type { Database } from '@whatsthecraic/platform/database';
import { createKeeper } from '@whatsthecraic/platform/directory/keep';
import { freeSpan } from '@whatsthecraic/platform/directory/search';
import type { Log } from '@whatsthecraic/platform/log';
import type { Handlers } from '@whatsthecraic/platform/route';
import type { Upstream } from '@whatsthecraic/platform/upstream/upstream';
import type { contract } from '../contract.ts';
import { createDjDirectory, createVenueDirectory } from '../domain/directories.ts';
import { keptVenue } from '../store/kept-venue.ts';
import { createVenueStore } from '../store/venues.ts';
import { contactHandlers } from './contact-handlers.ts';
import { planHandlers } from './plan-handlers.ts';
import { shortlistHandlers } from './shortlist-handlers.ts';

export function createHandlers(
  database: Database,
  djService: Upstream,
  log: Log,
): Handlers<typeof contract> {
  const venues = createVenueStore(database);
  const keeper = createKeeper(database, keptVenue);
  const directories = {
    dj: createDjDirectory(djService),
    venue: createVenueDirectory(database, venues),
  };
  return {
    ...planHandlers(database, directories),
    ...shortlistHandlers(database, directories, log),
    ...contactHandlers(database, directories),
    listVenues: ({ query }) => venues.search(query),
    searchVenues: ({ query: { freeFrom, freeTo, ...query } }) =>
      venues.search({ ...query, free: freeSpan(freeFrom, freeTo) }),
    venuesById: async ({ query }) => ({ venues: await venues.findAll(query.ids) }),
    getVenue: ({ params }) => keeper.get(params.id),
    createVenue: ({ body, caller, headers }) => keeper.create(body, caller, headers),
    changeVenue: ({ params, body, caller, headers }) =>
      keeper.change(params.id, body, caller, headers),
    removeVenue: ({ params, caller, headers }) => keeper.remove(params.id, caller, headers),
    getVenueContact: ({ params }) => keeper.getContact(params.id),
    listVenueChanges: ({ params, query }) => keeper.listChanges(params.id, query),
    listVenueAvailability: ({ params, query }) => keeper.listAvailability(params.id, query),
    addVenueAvailability: ({ params, body, caller, headers }) =>
      keeper.addAvailability(params.id, body, caller, headers),
    removeVenueAvailability: ({ params, caller }) =>
      keeper.removeAvailability(params.id, params.windowId, caller),
  };
}
