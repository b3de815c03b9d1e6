export interface Position {
  readonly latitude: number;
  readonly longitude: number;
}

/** One degree of latitude on the sphere that ST_Distance_Sphere measures on (radius 6370.986 km). */
const KM_PER_DEGREE = (6_370.986 * Math.PI) / 180;

/**
 * The box of degrees around a circle, as WKT for a spatial index: a little too large, since the
 * distance itself is checked after it. It does not cross the antimeridian, nor does Ireland.
 */
export function boundingBoxWkt({ latitude, longitude }: Position, radiusKm: number): string {
  const north = radiusKm / KM_PER_DEGREE;
  // Meridians draw together towards the pole, so the widest degrees are at the far edge.
  const widest = Math.cos(((Math.abs(latitude) + north) * Math.PI) / 180);
  const east = north / Math.max(widest, 0.01);
  const [s, n] = [latitude - north, latitude + north].map(toText);
  const [w, e] = [longitude - east, longitude + east].map(toText);
  return `POLYGON((${w} ${s}, ${e} ${s}, ${e} ${n}, ${w} ${n}, ${w} ${s}))`;
}

const toText = (degrees: number) => degrees.toFixed(7);
