import { artistSlug } from '../../canonical/normalise.ts';
import { batchOf } from '../batch.ts';
import { isNoRefusalOfKey } from '../errors.ts';
import { readRows } from '../rows.ts';
import type { Known, Source } from '../source.ts';
import { positionFrom } from '../values.ts';
import { type BandsintownOptions, fetchRows } from './fetch.ts';
import { toEvent } from './map.ts';
import { row } from './schema.ts';

/** A scope is a column of this many signs. */
const LONGEST = 64;

/** Bandsintown, asked artist by artist. */
export const createBandsintown = (options: BandsintownOptions): Source => ({
  name: 'bandsintown',
  scopes: ({ artists }: Known) => {
    const byName = new Map<string, string>();
    for (const name of [...options.artists, ...artists]) {
      const slug = artistSlug(name);
      // A name of dots alone would lead elsewhere in its paths.
      if (name.length <= LONGEST && !/^\.+$/.test(name) && !byName.has(slug))
        byName.set(slug, name);
    }
    return [...byName.values()].slice(0, options.mostArtists);
  },
  isOwnFault: isNoRefusalOfKey,
  async *fetch({ scope, window, ask, findCity }) {
    yield batchOf(
      readRows(row, await fetchRows(options, ask, scope, window)),
      ({ venue }) => findCity(venue.city, positionFrom(venue.latitude, venue.longitude)),
      toEvent,
    );
  },
});
