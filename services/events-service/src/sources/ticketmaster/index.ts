import { batchOf } from '../batch.ts';
import { readRows } from '../rows.ts';
import type { Source } from '../source.ts';
import { positionOf } from '../values.ts';
import { fetchRows, type TicketmasterOptions } from './fetch.ts';
import { toEvent } from './map.ts';
import { row } from './schema.ts';

/** Ticketmaster's Discovery API, asked city by city. */
export const createTicketmaster = (options: TicketmasterOptions): Source => ({
  name: 'ticketmaster',
  scopes: ({ cities }) => cities,
  async *fetch({ scope, window, ask, findCity }) {
    for await (const rows of fetchRows(options, ask, scope, window)) {
      yield batchOf(
        readRows(row, rows),
        ({ _embedded: { venues } }) =>
          findCity(venues[0]?.city?.name ?? scope, positionOf(venues[0]?.location)),
        toEvent,
      );
    }
  },
});
