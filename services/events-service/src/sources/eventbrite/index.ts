import { batchOf } from '../batch.ts';
import { isNoRefusalOfKey } from '../errors.ts';
import { readRows } from '../rows.ts';
import type { Source } from '../source.ts';
import { positionFrom } from '../values.ts';
import { type EventbriteOptions, fetchRows, MINE } from './fetch.ts';
import { toEvent } from './map.ts';
import { row } from './schema.ts';

/** Eventbrite, asked by organisation and by venue. */
export const createEventbrite = (options: EventbriteOptions): Source => ({
  name: 'eventbrite',
  scopes: () => {
    const named = [
      ...options.organizations.map((id) => `organization:${id}`),
      ...options.venues.map((id) => `venue:${id}`),
    ];
    return named.length > 0 ? named : [MINE];
  },
  // One organisation may shut us out (403) and another one let us in.
  isOwnFault: (error) => error.status === 403 || isNoRefusalOfKey(error),
  async *fetch({ scope, window, ask, findCity }) {
    for await (const rows of fetchRows(options, ask, scope, window)) {
      yield batchOf(
        readRows(row, rows),
        ({ venue, online_event }) =>
          online_event || !venue
            ? undefined
            : findCity(venue.address?.city ?? null, positionFrom(venue.latitude, venue.longitude)),
        toEvent,
      );
    }
  },
});
