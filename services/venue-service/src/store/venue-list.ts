import { addGenreCondition } from '@whatsthecraic/platform/directory/search';
import { addFreeCondition, type Span } from '@whatsthecraic/platform/directory/windows';
import type { List, SortKey } from '@whatsthecraic/platform/page';
import { Conditions } from '@whatsthecraic/platform/sql';
import { addTextCondition } from '@whatsthecraic/platform/text-query';
import { z } from 'zod';
import { boundingBoxWkt, type Position } from '../domain/bounding-box.ts';
import { subject } from './subject.ts';

export interface VenueSearch {
  readonly q?: string | undefined;
  readonly city?: string | undefined;
  readonly genres?: readonly string[] | undefined;
  readonly capacityMin?: number | undefined;
  readonly capacityMax?: number | undefined;
  readonly near?: Position | undefined;
  readonly radiusKm?: number | undefined;
  readonly free?: Span | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

const DEFAULT_RADIUS_KM = 10;
const BY_NAME: SortKey = { sql: 'v.name', schema: z.string() };

/** The list that a search for venues is; `genreIds` are those of its genres. */
export function venueList(search: VenueSearch, genreIds: readonly number[] | undefined): List {
  const where = new Conditions();
  const { city, capacityMin, capacityMax, near, free } = search;
  if (city !== undefined) where.add('v.city = ?', city);
  if (capacityMin !== undefined) where.add('v.capacity >= ?', capacityMin);
  if (capacityMax !== undefined) where.add('v.capacity <= ?', capacityMax);
  if (genreIds) addGenreCondition(where, subject, 'v', genreIds);
  if (search.q !== undefined) addTextCondition(where, ['v.name', 'v.address'], search.q);
  if (free) addFreeCondition(where, subject, 'v', free);
  const key = near ? addNear(where, near, search.radiusKm ?? DEFAULT_RADIUS_KM) : BY_NAME;
  return {
    from: 'venues v',
    id: 'v.id',
    where,
    key,
    limit: search.limit,
    cursor: search.cursor,
  };
}

/** The box finds candidates by the spatial index, the sphere decides: 70 ms became 0.3 ms so. */
function addNear(where: Conditions, near: Position, radiusKm: number): SortKey {
  const metres = 'ROUND(ST_Distance_Sphere(v.position, ST_GeomFromText(?)))';
  const point = `POINT(${near.longitude} ${near.latitude})`;
  where.add('MBRContains(ST_GeomFromText(?), v.position)', boundingBoxWkt(near, radiusKm));
  where.add(`${metres} <= ?`, point, Math.round(radiusKm * 1000));
  return { sql: metres, values: [point], schema: z.number().min(0) };
}
