import type { Position } from '@whatsthecraic/platform/bounding-box';
import { addGenreCondition } from '@whatsthecraic/platform/directory/search';
import { addFreeCondition, type Span } from '@whatsthecraic/platform/directory/windows';
import { addNear, nearFirst } from '@whatsthecraic/platform/nearest';
import type { List, SortKey, Widening } from '@whatsthecraic/platform/page';
import { Conditions } from '@whatsthecraic/platform/sql';
import { addTextCondition } from '@whatsthecraic/platform/text-query';
import { z } from 'zod';
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

/** All venues, by name. */
export const byName = { from: 'venues v', id: 'v.id', key: BY_NAME } as const;

export function venueLists(search: VenueSearch, genreIds: readonly number[] | undefined): Widening {
  const { near, radiusKm = DEFAULT_RADIUS_KM, cursor } = search;
  if (!near) return [venueList(search, genreIds)];
  return nearFirst(radiusKm, cursor, (km) => venueList({ ...search, radiusKm: km }, genreIds));
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
  const key = near
    ? addNear(where, 'v.position', near, search.radiusKm ?? DEFAULT_RADIUS_KM)
    : BY_NAME;
  return { ...byName, key, where, limit: search.limit, cursor: search.cursor };
}
