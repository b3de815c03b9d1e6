import { createLog } from '@whatsthecraic/platform/log';
import test, { type ExecutionContext } from 'ava';
import {
  testServerConfig,
  testVerifier,
  useDatabase,
} from '../../platform/test/helpers/database.ts';
import { startService, until } from '../../platform/test/helpers/start.ts';
import { createEventsService } from '../src/app.ts';

const server = useDatabase(test);
const HOUR = 3_600_000;
const soon = (hours: number) => new Date(Math.floor(Date.now() / 1000) * 1000 + hours * HOUR);

interface Page {
  readonly events: { id: number; title: string; startsAt: string; genres: string[] }[];
  readonly nextCursor: string | null;
  readonly hasMore: boolean;
}

async function start(t: ExecutionContext) {
  const service = createEventsService(
    {
      ...testServerConfig,
      database: server().config,
      tokens: testVerifier,
      sourcesUrl: null,
      spotify: { clientId: null, clientSecret: null },
    },
    { checkResponses: true, log: createLog({ service: 'events-service', level: 'silent' }) },
  );
  const { url } = await startService(t, service);
  await until(async () => (await fetch(`${url}/readyz`)).ok);
  const get = (path: string) => fetch(url + path);
  const search = async (query: Record<string, string>) => {
    const answer = await get(`/v1/events/search?${new URLSearchParams(query)}`);
    t.is(answer.status, 200, await answer.clone().text());
    return (await answer.json()) as Page;
  };
  const titles = async (query: Record<string, string>) =>
    (await search(query)).events.map(({ title }) => title);
  return { get, search, titles };
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
