import { batchOf } from '../batch.ts';
import { readRows } from '../rows.ts';
import type { Source } from '../source.ts';
import { positionFrom } from '../values.ts';
import { type DiceOptions, fetchRows } from './fetch.ts';
import { toEvent } from './map.ts';
import { row } from './schema.ts';

/** Dice's pages, read by an actor at Apify, city by city. Each run costs money. */
export const createDice = (options: DiceOptions): Source => ({
  name: 'dice',
  scopes: ({ cities }) => cities.filter((city) => options.cities.includes(city)),
  async *fetch({ scope, window, ask, findCity }) {
    for await (const rows of fetchRows(options, ask, scope, window)) {
      yield batchOf(
        readRows(row, rows),
        ({ city, latitude, longitude, location }) =>
          findCity(
            city ?? scope,
            positionFrom(latitude, longitude) ??
              positionFrom(location?.lat ?? null, location?.lng ?? null),
          ),
        toEvent,
      );
    }
  },
});
