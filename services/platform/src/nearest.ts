import { z } from 'zod';
import { boundingBoxWkt, type Position } from './bounding-box.ts';
import { decodeCursor } from './cursor.ts';
import type { List, SortKey, Widening } from './page.ts';
import type { Conditions } from './sql.ts';

const METRES = z.number().min(0);

/** Of a radius that the first look takes, small enough for a crowded quarter; and by how much the next one is wider. */
const FIRST_KM = 0.25;
const WIDER = 3;

/**
 * A condition that a place lies within a circle, and how far away it is. The box finds candidates by the
 * spatial index, the sphere decides: 70 ms became 0.3 ms so.
 */
export function addNear(
  where: Conditions,
  column: string,
  near: Position,
  radiusKm: number,
): SortKey {
  const metres = `ROUND(ST_Distance_Sphere(${column}, ST_GeomFromText(?)))`;
  const point = `POINT(${near.longitude} ${near.latitude})`;
  where.add(`MBRContains(ST_GeomFromText(?), ${column})`, boundingBoxWkt(near, radiusKm));
  where.add(`${metres} <= ?`, point, Math.round(radiusKm * 1000));
  return { sql: metres, values: [point], schema: METRES };
}

/**
 * A list of the nearest, looked for near first: of 100,000 venues within 200 km a page needs the
 * distance of a few hundred. What comes after a cursor begins at its distance.
 */
export function nearFirst(
  radiusKm: number,
  cursor: string | undefined,
  listWithin: (radiusKm: number) => List,
): Widening {
  const whole = listWithin(radiusKm);
  const seen = cursor === undefined ? 0 : decodeCursor(cursor, z.tuple([METRES, z.int()]))[0];
  const radii: number[] = [];
  for (let km = Math.max(FIRST_KM, (seen / 1_000) * 1.2); km < radiusKm; km *= WIDER)
    radii.push(km);
  const [first, ...rest] = radii.map(listWithin);
  return first ? [first, ...rest, whole] : [whole];
}
