import { decodeCursor } from '@whatsthecraic/platform/cursor';
import { addGenreCondition } from '@whatsthecraic/platform/directory/search';
import { addFreeCondition, type Span } from '@whatsthecraic/platform/directory/windows';
import type { List, SortKey, Widening } from '@whatsthecraic/platform/page';
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
const METRES = z.number().min(0);
const BY_NAME: SortKey = { sql: 'v.name', schema: z.string() };

/** All venues, by name. */
export const byName = { from: 'venues v', id: 'v.id', key: BY_NAME } as const;

/** Of a radius that the first look takes, and by how much the next one is wider. */
const FIRST_KM = 2;
const WIDER = 3;

/**
 * A search for the nearest looks near first: of 100,000 venues within 200 km a page needs the distance
 * of a few hundred. What comes after a cursor begins at its distance.
 */
export function venueLists(search: VenueSearch, genreIds: readonly number[] | undefined): Widening {
  const { near, radiusKm = DEFAULT_RADIUS_KM, cursor } = search;
  const whole = venueList(search, genreIds);
  if (!near) return [whole];
  const seen = cursor === undefined ? 0 : decodeCursor(cursor, z.tuple([METRES, z.int()]))[0];
  const radii: number[] = [];
  for (let km = Math.max(FIRST_KM, (seen / 1_000) * 1.2); km < radiusKm; km *= WIDER)
    radii.push(km);
  const [first = whole, ...rest] = radii.map((km) =>
    venueList({ ...search, radiusKm: km }, genreIds),
  );
  return first === whole ? [whole] : [first, ...rest, whole];
}

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
  return { ...byName, key, where, limit: search.limit, cursor: search.cursor };
}

/** The box finds candidates by the spatial index, the sphere decides: 70 ms became 0.3 ms so. */
function addNear(where: Conditions, near: Position, radiusKm: number): SortKey {
  const metres = 'ROUND(ST_Distance_Sphere(v.position, ST_GeomFromText(?)))';
  const point = `POINT(${near.longitude} ${near.latitude})`;
  where.add('MBRContains(ST_GeomFromText(?), v.position)', boundingBoxWkt(near, radiusKm));
  where.add(`${metres} <= ?`, point, Math.round(radiusKm * 1000));
  return { sql: metres, values: [point], schema: METRES };
}
