import test, { type ExecutionContext } from 'ava';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { signIn } from '../../platform/test/helpers/sign-in.ts';
import { startEvents } from './helpers/start-events.ts';

const server = useDatabase(test);
const HOUR = 3_600_000;
const soon = (hours: number) => new Date(Math.floor(Date.now() / 1000) * 1000 + hours * HOUR);

interface Page {
  readonly events: {
    id: number;
    title: string;
    startsAt: string;
    genres: string[];
    distanceKm?: number;
  }[];
  readonly nextCursor: string | null;
  readonly hasMore: boolean;
}

async function start(t: ExecutionContext) {
  const { get, json } = await startEvents(t, server());
  const search = (query: Record<string, string>, headers = {}) =>
    json<Page>(`/v1/events/search?${new URLSearchParams(query)}`, headers);
  const titles = async (query: Record<string, string>, headers = {}) =>
    (await search(query, headers)).events.map(({ title }) => title);
  return { get, json, search, titles };
}

interface NewEvent {
  readonly title: string;
  readonly city: string;
  readonly inHours?: number;
  readonly genres?: readonly number[];
  readonly [column: string]: unknown;
}

let made = 0;
async function makeEvent({ inHours = 24, genres = [], ...row }: NewEvent): Promise<number> {
  made += 1;
  const id = await server().insert('events', {
    uid: `t-${made}`,
    starts_at: soon(inHours),
    ...row,
  });
  for (const genre_id of genres) await server().insert('event_genres', { event_id: id, genre_id });
  return id;
}

/** Each test has a city to itself, so that they may run at once. */
test('search – a city – finds upcoming events there, soonest first, and no others', async (t) => {
  const { titles } = await start(t);
  await makeEvent({ title: 'Later', city: 'Sligo', inHours: 48 });
  await makeEvent({ title: 'Sooner', city: 'Sligo', inHours: 2 });
  await makeEvent({ title: 'Over', city: 'Sligo', inHours: -2 });
  await makeEvent({ title: 'Far away in time', city: 'Sligo', inHours: 24 * 120 });
  await makeEvent({ title: 'Called off', city: 'Sligo', status: 'cancelled' });
  await makeEvent({ title: 'Elsewhere', city: 'Tralee' });

  t.deepEqual(await titles({ city: 'sligo' }), ['Sooner', 'Later']);
  t.deepEqual(await titles({ city: 'Nowhere' }), []);
});

test('search – pages – meet every event once, also those that start together', async (t) => {
  const { search } = await start(t);
  const ids: number[] = [];
  for (let i = 0; i < 7; i++) {
    ids.push(await makeEvent({ title: `E${i}`, city: 'Athlone', inHours: 24 + Math.floor(i / 3) }));
  }

  const seen: number[] = [];
  let cursor: string | null = '';
  const sizes: number[] = [];
  while (cursor !== null) {
    const page: Page = await search({ city: 'Athlone', limit: '2', ...(cursor ? { cursor } : {}) });
    t.is(page.hasMore, page.nextCursor !== null);
    sizes.push(page.events.length);
    seen.push(...page.events.map(({ id }) => id));
    cursor = page.nextCursor;
  }

  t.deepEqual(seen, ids);
  t.deepEqual(sizes, [2, 2, 2, 1]);
});

test('search – words – are found in title, description and venue, without accents, with operators disarmed', async (t) => {
  const { titles } = await start(t);
  const venue_id = await server().insert('venues', {
    slug: 'roisin-dubh',
    name: 'Róisín Dubh',
    address: '9 Dominick Street',
    city: 'Galway',
    position: { toSqlString: () => "ST_GeomFromText('POINT(-9.0568 53.2707)')" },
  });
  await makeEvent({
    title: 'Seisiún Mór',
    city: 'Galway',
    inHours: 1,
    description: 'Trad until late',
  });
  await makeEvent({ title: 'U2 tribute', city: 'Galway', inHours: 2 });
  await makeEvent({ title: 'Comedy', city: 'Galway', inHours: 3, venue_id });
  await makeEvent({ title: 'Club 100% vinyl', city: 'Galway', inHours: 4 });
  const inGalway = (q: string) => titles({ city: 'Galway', q });

  t.deepEqual(await inGalway('seisiun'), ['Seisiún Mór']);
  t.deepEqual(await inGalway('trad late'), ['Seisiún Mór']);
  t.deepEqual(await inGalway('trib'), ['U2 tribute']);
  t.deepEqual(await inGalway('u2'), ['U2 tribute']);
  t.deepEqual(await inGalway('roisin dubh'), ['Comedy']);
  t.deepEqual(await inGalway('+vinyl -club* "'), ['Club 100% vinyl']);
  t.deepEqual(await inGalway('x%'), []);
  t.deepEqual(await inGalway('tribute vinyl'), []);
});

test('search – genres – match any of them, by name or slug, and what belongs to a family', async (t) => {
  const { titles } = await start(t);
  await makeEvent({ title: 'Techno night', city: 'Ennis', inHours: 1, genres: [13] });
  await makeEvent({ title: 'Drum night', city: 'Ennis', inHours: 2, genres: [15] });
  await makeEvent({ title: 'Jazz night', city: 'Ennis', inHours: 3, genres: [6] });
  await makeEvent({ title: 'Any night', city: 'Ennis', inHours: 4 });

  t.deepEqual(await titles({ city: 'Ennis', genres: 'electronic' }), [
    'Techno night',
    'Drum night',
  ]);
  t.deepEqual(await titles({ city: 'Ennis', genres: 'Drum & Bass,jazz' }), [
    'Drum night',
    'Jazz night',
  ]);
  t.deepEqual(await titles({ city: 'Ennis', genres: 'drum-and-bass' }), ['Drum night']);
  t.deepEqual(await titles({ city: 'Ennis', genres: 'polka' }), []);
});

test('search – a price – finds what is known to cost no more', async (t) => {
  const { titles } = await start(t);
  await makeEvent({ title: 'Free', city: 'Wexford', inHours: 1, price_min_minor: 0 });
  await makeEvent({
    title: 'Cheap',
    city: 'Wexford',
    inHours: 2,
    price_min_minor: 1250,
    price_max_minor: 2000,
  });
  await makeEvent({ title: 'Dear', city: 'Wexford', inHours: 3, price_min_minor: 1251 });
  await makeEvent({ title: 'Unknown', city: 'Wexford', inHours: 4 });

  t.deepEqual(await titles({ city: 'Wexford', priceMax: '12.5' }), ['Free', 'Cheap']);
  t.deepEqual(await titles({ city: 'Wexford', priceMax: '0' }), ['Free']);
});

test('search – days – are Irish days, the last one included', async (t) => {
  const { titles } = await start(t);
  const at = (iso: string) => (Date.parse(iso) - soon(0).getTime()) / HOUR;
  const year = new Date().getUTCFullYear() + 1;
  await makeEvent({
    title: 'Before midnight',
    city: 'Derry',
    inHours: at(`${year}-07-01T22:30:00Z`),
  });
  await makeEvent({
    title: 'After midnight',
    city: 'Derry',
    inHours: at(`${year}-07-01T23:30:00Z`),
  });

  t.deepEqual(await titles({ city: 'Derry', from: `${year}-07-01`, to: `${year}-07-01` }), [
    'Before midnight',
  ]);
  t.deepEqual(await titles({ city: 'Derry', from: `${year}-07-02`, to: `${year}-07-02` }), [
    'After midnight',
  ]);
});

/** An event at a place of its own, as ingestion makes them. */
async function placed(event: NewEvent, latitude: number, longitude: number, venue_name?: string) {
  const event_id = await makeEvent(event);
  const point = `POINT(${longitude} ${latitude})`;
  await server().admin.query(
    'INSERT INTO event_places (event_id, venue_name, position) VALUES (?, ?, ST_GeomFromText(?))',
    [event_id, venue_name ?? null, point],
  );
  return event_id;
}

test('7.B-22 search – near a place – finds what is within the radius, soonest or nearest first', async (t) => {
  const { search, titles } = await start(t);
  // Off the coast of Kerry, where no other test has anything.
  const city = 'Tralee';
  await placed({ title: 'Here', city, inHours: 72 }, 52.0, -11.0);
  await placed({ title: '1 km', city, inHours: 48 }, 52.009, -11.0);
  await placed({ title: '5 km', city, inHours: 24 }, 52.045, -11.0);
  await placed({ title: '30 km', city, inHours: 12 }, 52.27, -11.0);
  await placed({ title: 'Over', city, inHours: -1 }, 52.0, -11.0);
  const near = '52.0,-11.0';

  t.deepEqual(await titles({ near }), ['5 km', '1 km', 'Here']);
  t.deepEqual(await titles({ near, radiusKm: '2' }), ['1 km', 'Here']);
  const nearest = await search({ near, radiusKm: '40', sort: 'nearest' });
  t.deepEqual(
    nearest.events.map(({ title, distanceKm }) => [title, Math.round(distanceKm ?? -1)]),
    [
      ['Here', 0],
      ['1 km', 1],
      ['5 km', 5],
      ['30 km', 30],
    ],
  );

  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query = { near, radiusKm: '40', sort: 'nearest', limit: '1' };
    const page: Page = await search(cursor ? { ...query, cursor } : query);
    seen.push(...page.events.map(({ title }) => title));
    cursor = page.nextCursor;
  }
  t.deepEqual(seen, ['Here', '1 km', '5 km', '30 km']);
});

test('7.B-19 search – an artist – is found by the whole name however it is written, and no sign is a wildcard', async (t) => {
  const { get, titles } = await start(t);
  const artist_id = await server().insert('artists', {
    slug: 'roisin-murphy',
    name: 'Róisín Murphy',
  });
  const event_id = await makeEvent({ title: 'Róisín in town', city: 'Letterkenny' });
  await server().insert('event_artists', { event_id, artist_id, position: 0 });
  await makeEvent({ title: 'Somebody else', city: 'Letterkenny' });
  const city = 'Letterkenny';

  for (const artist of ['Róisín Murphy', 'roisin  murphy', 'ROISIN MURPHY']) {
    t.deepEqual(await titles({ city, artist }), ['Róisín in town']);
  }
  for (const artist of ['Róisín', 'r%', 'roisin_murphy2', 'Nobody']) {
    t.deepEqual(await titles({ city, artist }), []);
  }
  for (const genres of ['%', 'a%', '_']) {
    const answer = await get(`/v1/events/search?${new URLSearchParams({ city, genres })}`);
    if (answer.status === 200) t.deepEqual(((await answer.json()) as Page).events, []);
    else t.is(answer.status, 400);
  }
});

test('search – a venue – is found by name or number, in the directory or only at its source', async (t) => {
  const { titles } = await start(t);
  const venue_id = await server().insert('venues', {
    slug: 'the-set',
    name: 'The Set',
    address: '1 John Street',
    city: 'Kilkenny',
    position: { toSqlString: () => "ST_GeomFromText('POINT(-7.2448 52.6541)')" },
  });
  await makeEvent({ title: 'At the Set', city: 'Kilkenny', inHours: 1, venue_id });
  await placed({ title: 'In a barn', city: 'Kilkenny', inHours: 2 }, 52.6, -7.2, 'Barn of Máire');
  await makeEvent({ title: 'Nowhere', city: 'Kilkenny', inHours: 3 });

  t.deepEqual(await titles({ venue: 'the set' }), ['At the Set']);
  t.deepEqual(await titles({ venue: String(venue_id) }), ['At the Set']);
  t.deepEqual(await titles({ venue: 'barn of maire' }), ['In a barn']);
  t.deepEqual(await titles({ venue: 'The' }), []);
});

test('search – price, free and source – go together with all else', async (t) => {
  const { titles } = await start(t);
  const city = 'Dundalk';
  const free = await makeEvent({ title: 'Free', city, inHours: 1, price_min_minor: 0 });
  await makeEvent({
    title: '10–30',
    city,
    inHours: 2,
    price_min_minor: 1000,
    price_max_minor: 3000,
  });
  await makeEvent({ title: '20', city, inHours: 3, price_min_minor: 2000 });
  await makeEvent({ title: 'Unknown', city, inHours: 4 });
  await server().insert('event_sources', {
    ...{ source: 'dice', source_id: 'x1', event_id: free, scope: 'all', city, fields: '{}' },
    ...{ night: '2030-01-01', starts_at: soon(1), digest: 'x'.repeat(43) },
    ...{ first_seen_at: new Date(), last_seen_at: new Date() },
  });

  t.deepEqual(await titles({ city, free: 'true' }), ['Free']);
  t.deepEqual(await titles({ city, free: 'false' }), ['Free', '10–30', '20', 'Unknown']);
  t.deepEqual(await titles({ city, priceMin: '15' }), ['10–30', '20']);
  t.deepEqual(await titles({ city, priceMin: '15', priceMax: '15' }), ['10–30']);
  t.deepEqual(await titles({ city, source: 'dice' }), ['Free']);
  t.deepEqual(await titles({ city, source: 'dice', priceMin: '1' }), []);
});

test('search – with a token – leaves out what the person has hidden, unless asked, and tells no cache', async (t) => {
  const { get, search, titles } = await start(t);
  const [person, other] = await Promise.all([signIn(server()), signIn(server())]);
  const city = 'Waterford';
  const kept = await makeEvent({ title: 'Kept', city, inHours: 1 });
  const hidden = await makeEvent({ title: 'Hidden', city, inHours: 2 });
  const old = await makeEvent({ title: 'Its old number', city, inHours: 3, merged_into: kept });
  await server().insert('event_hides', { user_id: person.id, event_id: hidden });

  t.deepEqual(await titles({ city }, person.headers), ['Kept']);
  t.deepEqual(await titles({ city, includeHidden: 'true' }, person.headers), ['Kept', 'Hidden']);
  t.deepEqual(await titles({ city }, other.headers), ['Kept', 'Hidden']);
  t.deepEqual(await titles({ city }), ['Kept', 'Hidden']);
  await server().insert('event_hides', { user_id: person.id, event_id: old });
  t.deepEqual((await search({ city }, person.headers)).events, []);

  const path = `/v1/events/search?city=${city}`;
  t.is((await get(path, person.headers)).headers.get('cache-control'), 'private, no-store');
  t.is((await get(path)).headers.get('cache-control'), 'public, max-age=15');
  t.is((await get(path, { authorization: 'Bearer nonsense' })).status, 401);
});

test('search – facets – count what the search finds, once each', async (t) => {
  const { json, search } = await start(t);
  const city = 'Belfast';
  const at = new Date(Date.UTC(new Date().getUTCFullYear() + 1, 6, 1, 20));
  const [from, day] = [at.toISOString(), at.toISOString().slice(0, 10)];
  const late = new Date(at.getTime() + 3.5 * HOUR);
  await makeEvent({ title: 'A', city, starts_at: at, price_min_minor: 0, genres: [13, 15] });
  await makeEvent({ title: 'B', city, starts_at: at, price_min_minor: 900, genres: [13] });
  // Half past eleven by UTC in summer is the next day in Ireland.
  await makeEvent({ title: 'C', city, starts_at: late });
  await makeEvent({ title: 'Off', city, starts_at: at, status: 'cancelled', genres: [13] });
  const facets = (query: string) =>
    json<Record<string, unknown>>(`/v1/events/facets?city=${city}&from=${from}${query}`);

  t.deepEqual(await facets(''), {
    counted: 3,
    isComplete: true,
    genres: [
      { name: 'Techno', count: 2 },
      { name: 'Drum & Bass', count: 1 },
    ],
    cities: [{ name: city, count: 3 }],
    days: [
      { name: day, count: 2 },
      { name: `${late.toISOString().slice(0, 8)}02`, count: 1 },
    ],
    prices: { free: 1, paid: 1, unknown: 1 },
    sources: [],
  });
  t.like(await facets('&genres=drum-and-bass'), { counted: 1, prices: { free: 1, paid: 0 } });
  t.like(await facets('&genres=polka'), { counted: 0, isComplete: true, days: [] });
  t.is((await search({ city, from })).events.length, 3);
});

for (const [query, field] of [
  ['limit=0', 'query.limit'],
  ['limit=101', 'query.limit'],
  ['limit=-1', 'query.limit'],
  ['from=yesterday', 'query.from'],
  ['to=2026-13-01', 'query.to'],
  ['cursor=abc', 'query.cursor'],
  ['priceMax=-1', 'query.priceMax'],
  ['genres=,', 'query.genres'],
  ['q=%20', 'query.q'],
  ['offset=20', 'query.offset'],
  ['near=north', 'query.near'],
  ['near=91,0', 'query.near.latitude'],
  ['radiusKm=5', 'query.radiusKm'],
  ['near=53.3,-6.2&radiusKm=201', 'query.radiusKm'],
  ['sort=nearest', 'query.sort'],
  ['sort=best', 'query.sort'],
  ['when=someday', 'query.when'],
  ['when=tonight&from=2030-01-01', 'query.from'],
  ['from=2030-01-02&to=2030-01-01', 'query.to'],
  ['priceMin=5&priceMax=4', 'query.priceMin'],
  ['free=true&priceMin=5', 'query.priceMin'],
  ['free=maybe', 'query.free'],
  ['source=rumour', 'query.source'],
  ['artist=%25', 'query.artist'],
]) {
  test(`search – ${query} – is refused and names ${field}`, async (t) => {
    const { get } = await start(t);

    const answer = await get(`/v1/events/search?${query}`);

    t.is(answer.status, 400);
    t.is(((await answer.json()) as { errors: { field: string }[] }).errors[0]?.field, field);
  });
}

test('event – by its number – is told in full; one that is not there is a 404', async (t) => {
  const { get } = await start(t);
  const id = await makeEvent({
    title: 'Céilí',
    city: 'Killarney',
    genres: [27, 7],
    price_min_minor: 1250,
    currency: 'GBP',
    ticket_url: 'https://tickets.example/1',
  });

  const answer = await get(`/v1/events/${id}`);
  const event = await answer.json();

  t.like(event, {
    id,
    title: 'Céilí',
    city: 'Killarney',
    description: null,
    endsAt: null,
    venue: null,
    price: { min: 12.5, max: null, currency: 'GBP' },
    status: 'scheduled',
    ticketUrl: 'https://tickets.example/1',
  });
  t.deepEqual((event as { genres: string[] }).genres, ['Folk', 'Trad']);
  t.regex((event as { startsAt: string }).startsAt, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);

  const none = await get('/v1/events/4000000000');
  t.is(none.status, 404);
  t.is(((await none.json()) as { code: string }).code, 'event_not_found');
});
