import test from 'ava';
import fc from 'fast-check';
import { boundingBoxWkt } from '../src/bounding-box.ts';

const EARTH_KM = 6_370.986;
const radians = (degrees: number) => (degrees * Math.PI) / 180;

function haversineKm(a: [number, number], b: [number, number]): number {
  const [lat1, lat2] = [radians(a[0]), radians(b[0])];
  const h =
    Math.sin((lat2 - lat1) / 2) ** 2 +
    Math.cos(lat1) * Math.cos(lat2) * Math.sin(radians(b[1] - a[1]) / 2) ** 2;
  return 2 * EARTH_KM * Math.asin(Math.sqrt(h));
}

test('boundingBoxWkt – any circle – has no point of it outside of the box', (t) => {
  const latitude = fc.double({ min: -84, max: 84, noNaN: true });
  const longitude = fc.double({ min: -170, max: 170, noNaN: true });
  const radius = fc.double({ min: 0.1, max: 200, noNaN: true });
  const bearing = fc.double({ min: 0, max: 2 * Math.PI, noNaN: true });

  fc.assert(
    fc.property(latitude, longitude, radius, bearing, (lat, lon, km, angle) => {
      const [w, s, e, , , n] = numbers(boundingBoxWkt({ latitude: lat, longitude: lon }, km));
      const point = walk([lat, lon], km * 0.9999, angle);
      const inside =
        point[0] >= Number(s) &&
        point[0] <= Number(n) &&
        point[1] >= Number(w) &&
        point[1] <= Number(e);
      return inside && Math.abs(haversineKm([lat, lon], point) - km * 0.9999) < 0.001;
    }),
  );
  t.pass();
});

test('boundingBoxWkt – Dublin, 5 km – is a closed ring of that size', (t) => {
  const wkt = boundingBoxWkt({ latitude: 53.3498, longitude: -6.2603 }, 5);

  t.regex(wkt, /^POLYGON\(\((-6\.33\d+ 53\.30\d+), .+, \1\)\)$/);
});

const numbers = (wkt: string) => (wkt.match(/-?\d+\.\d+/g) ?? []).map(Number);

/** The point that lies this far in this direction. */
function walk([lat, lon]: [number, number], km: number, bearing: number): [number, number] {
  const d = km / EARTH_KM;
  const phi = radians(lat);
  const phi2 = Math.asin(
    Math.sin(phi) * Math.cos(d) + Math.cos(phi) * Math.sin(d) * Math.cos(bearing),
  );
  const y = Math.sin(bearing) * Math.sin(d) * Math.cos(phi);
  const lambda = Math.atan2(y, Math.cos(d) - Math.sin(phi) * Math.sin(phi2));
  return [(phi2 * 180) / Math.PI, lon + (lambda * 180) / Math.PI];
}
