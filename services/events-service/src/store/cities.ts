import type { Queries } from '@whatsthecraic/platform/database';
import { z } from 'zod';
import type { City } from '../sources/place.ts';

const cityRow = z
  .object({ name: z.string(), longitude: z.number(), latitude: z.number() })
  .transform(({ name, ...position }): City => ({ name, position }));

/** The cities that we have events in. */
export const readCities = (queries: Queries): Promise<City[]> =>
  queries.query(
    'SELECT name, ST_X(position) AS longitude, ST_Y(position) AS latitude FROM cities ORDER BY name',
    [],
    cityRow,
  );
