import { cutPage, decodeCursor } from '@whatsthecraic/platform/cursor';
import type { Database } from '@whatsthecraic/platform/database';
import { Conditions, limitSql } from '@whatsthecraic/platform/sql';
import { parseTextQuery } from '@whatsthecraic/platform/text-query';
import { z } from 'zod';
import { boundingBoxWkt, type Position } from '../domain/bounding-box.ts';
import { type Venue, venueColumns, venueRow } from './venue-row.ts';

interface VenueSearch {
  readonly q?: string | undefined;
  readonly city?: string | undefined;
  readonly capacityMin?: number | undefined;
  readonly capacityMax?: number | undefined;
  readonly near?: Position | undefined;
  readonly radiusKm?: number | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

interface VenuePage {
  readonly venues: Venue[];
  readonly nextCursor: string | null;
  readonly hasMore: boolean;
}

export interface VenueStore {
  search(search: VenueSearch): Promise<VenuePage>;
  findById(id: number): Promise<Venue | undefined>;
}

const DEFAULT_RADIUS_KM = 10;
const byName = z.tuple([z.string(), z.int().positive()]);
const byDistance = z.tuple([z.number().min(0), z.int().positive()]);

export function createVenueStore(database: Database): VenueStore {
  return {
    async search(search) {
      const { sql, values } = search.near ? nearbySql(search, search.near) : byNameSql(search);
      const found = await database.search(sql, values, venueRow);
      const keysOf = (it: Venue) =>
        it.distanceKm === undefined ? [it.name, it.id] : [Math.round(it.distanceKm * 1000), it.id];
      const page = cutPage(found, search.limit, keysOf);
      return { venues: [...page.rows], nextCursor: page.nextCursor, hasMore: page.hasMore };
    },
    async findById(id) {
      const sql = `SELECT ${venueColumns} FROM venues v WHERE v.id = ?`;
      const [found] = await database.query(sql, [id], venueRow);
      return found;
    },
  };
}

function byNameSql(search: VenueSearch) {
  const where = filters(search);
  if (search.cursor) {
    const [name, id] = decodeCursor(search.cursor, byName);
    where.add('v.name >= ? AND (v.name > ? OR v.id > ?)', name, name, id);
  }
  const sql = `SELECT ${venueColumns} FROM venues v WHERE ${where.sql}
    ORDER BY v.name, v.id ${limitSql(search.limit + 1)}`;
  return { sql, values: where.values };
}

/**
 * The box finds candidates by the spatial index, the sphere decides: 70 ms became 0.3 ms so. The
 * distance is written out again in each condition, since MariaDB 10.11 answers "Update locks cannot
 * be acquired" when a table derived from a spatial search is joined.
 */
function nearbySql(search: VenueSearch, near: Position) {
  const radiusKm = search.radiusKm ?? DEFAULT_RADIUS_KM;
  const metres = 'ROUND(ST_Distance_Sphere(v.position, ST_GeomFromText(?)))';
  const point = `POINT(${near.longitude} ${near.latitude})`;
  const where = filters(search);
  where.add('MBRContains(ST_GeomFromText(?), v.position)', boundingBoxWkt(near, radiusKm));
  where.add(`${metres} <= ?`, point, Math.round(radiusKm * 1000));
  if (search.cursor) {
    const [last, id] = decodeCursor(search.cursor, byDistance);
    where.add(`${metres} >= ? AND (${metres} > ? OR v.id > ?)`, point, last, point, last, id);
  }
  const sql = `SELECT ${venueColumns}, ${metres} AS metres FROM venues v WHERE ${where.sql}
    ORDER BY metres, v.id ${limitSql(search.limit + 1)}`;
  return { sql, values: [point, ...where.values] };
}

function filters({ q, city, capacityMin, capacityMax }: VenueSearch): Conditions {
  const where = new Conditions();
  if (city !== undefined) where.add('v.city = ?', city);
  if (capacityMin !== undefined) where.add('v.capacity >= ?', capacityMin);
  if (capacityMax !== undefined) where.add('v.capacity <= ?', capacityMax);
  if (q === undefined) return where;
  const { boolean, likes } = parseTextQuery(q);
  if (boolean) where.add('MATCH (v.name, v.address) AGAINST (? IN BOOLEAN MODE)', boolean);
  for (const like of likes) where.add("CONCAT_WS(' ', '', v.name, v.address) LIKE ?", like);
  return where;
}
