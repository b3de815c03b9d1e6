import test, { type ExecutionContext } from 'ava';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { startVenues } from './helpers/start-venues.ts';

const server = useDatabase(test);

interface Page {
  readonly venues: { id: number; name: string; distanceKm?: number }[];
  readonly nextCursor: string | null;
}

const start = (t: ExecutionContext) => startVenues(t, server());

let made = 0;
function makeVenue(
  name: string,
  city: string,
  at: [number, number],
  more: Record<string, unknown> = {},
) {
  made += 1;
  const position = { toSqlString: () => `ST_GeomFromText('POINT(${at[1]} ${at[0]})')` };
  const address = `${made} Main Street`;
  return server().insert('venues', { slug: `v-${made}`, name, address, city, position, ...more });
}

test('7.B-22 – venues near a place – the nearest first, with true distances, none beyond the radius', async (t) => {
  const { json, names } = await start(t);
  // One degree of latitude is 111.19 km; Cork is at 51.8985, -8.4756.
  await makeVenue('Two km north', 'Cork', [51.9165, -8.4756]);
  await makeVenue('Here', 'Cork', [51.8985, -8.4756]);
  await makeVenue('Six km east', 'Cork', [51.8985, -8.3882]);
  await makeVenue('In the corner of the box only', 'Cork', [51.9705, -8.3592]);

  const { venues } = await json<Page>('/v1/venues/search?near=51.8985,-8.4756');
  t.deepEqual(
    venues.map(({ name }) => name),
    ['Here', 'Two km north', 'Six km east'],
  );
  t.deepEqual(
    venues.map(({ distanceKm }) => Math.round((distanceKm ?? -1) * 10) / 10),
    [0, 2, 6],
  );
  t.deepEqual(await names('near=51.8985,-8.4756&radiusKm=3'), ['Here', 'Two km north']);
  t.deepEqual(await names('near=51.8985,-8.4756&q=north'), ['Two km north']);
});

test('venues – near the only venue of all – finds it, also at the very spot', async (t) => {
  const { names } = await start(t);
  await makeVenue('Alone', 'Letterkenny', [54.9558, -7.7342]);

  t.deepEqual(await names('near=54.9558,-7.7342&radiusKm=1'), ['Alone']);
  t.deepEqual(await names('near=-54.9558,7.7342&radiusKm=200'), []);
});

test('venues – pages by distance – meet all, also those at one and the same place', async (t) => {
  const { json } = await start(t);
  const ids = [];
  for (const at of [
    [52.2, -9.7],
    [52.2, -9.7],
    [52.2, -9.7],
    [52.21, -9.7],
    [52.22, -9.7],
  ] as const) {
    ids.push(await makeVenue(`Tralee ${ids.length}`, 'Tralee', [at[0], at[1]]));
  }

  const seen: number[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: Page = await json(
      `/v1/venues/search?near=52.2,-9.7&city=Tralee&limit=2${cursor && `&cursor=${cursor}`}`,
    );
    seen.push(...page.venues.map(({ id }) => id));
    cursor = page.nextCursor;
  }

  t.deepEqual(seen, ids);
});

test('venues – by name, place and size – in the order of names', async (t) => {
  const { names, json } = await start(t);
  await makeVenue('Róisín Dubh', 'Galway', [53.27, -9.05], { capacity: 320 });
  await makeVenue("Monroe's", 'Galway', [53.27, -9.06], { capacity: 700 });
  await makeVenue('An Áras', 'Galway', [53.28, -9.05]);

  t.deepEqual(await names('city=galway'), ['An Áras', "Monroe's", 'Róisín Dubh']);
  t.deepEqual(await names('city=Galway&q=roisin'), ['Róisín Dubh']);
  t.deepEqual(await names("city=Galway&q=monroe's"), ["Monroe's"]);
  t.deepEqual(await names('city=Galway&capacityMin=320'), ["Monroe's", 'Róisín Dubh']);
  t.deepEqual(await names('city=Galway&capacityMin=1&capacityMax=320'), ['Róisín Dubh']);
  const list = await json<Page>('/venues?limit=1');
  t.is(list.venues.length, 1);
  t.is(list.venues[0]?.distanceKm, undefined);
});

test('7.B-28 – a venue by number – is told in full, its numbers as numbers; one that is not there is a 404', async (t) => {
  const { json, get } = await start(t);
  const id = await makeVenue('The Crane', 'Waterford', [53.25, -9.07], {
    address: '2 Sea Road',
    capacity: 100,
  });
  await server().insert('venue_genres', { venue_id: id, genre_id: 27 });

  t.deepEqual(await json(`/venues/${id}`), {
    id,
    name: 'The Crane',
    address: '2 Sea Road',
    city: 'Waterford',
    capacity: 100,
    genres: ['Trad'],
    position: { latitude: 53.25, longitude: -9.07 },
  });
  t.is((await get('/venues/4000000000')).status, 404);
});

for (const query of [
  'near=53',
  'near=91,0',
  'near=53.3,-6.2&radiusKm=0',
  'near=53.3,-6.2&radiusKm=500',
  'capacityMin=-1',
]) {
  test(`venues – ${query} – is refused`, async (t) => {
    const { get } = await start(t);

    t.is((await get(`/v1/venues/search?${query}`)).status, 400);
  });
}

test('venues – a cursor of a search by name in one by distance – is refused, not misread', async (t) => {
  const { json, get } = await start(t);
  await makeVenue('A', 'Ennis', [52.8463, -8.9811]);
  await makeVenue('B', 'Ennis', [52.8464, -8.9811]);
  const { nextCursor } = await json<Page>('/v1/venues/search?city=Ennis&limit=1');

  const answer = await get(`/v1/venues/search?near=52.8,-8.9&cursor=${nextCursor}`);

  t.is(answer.status, 400);
});
