import test, { type ExecutionContext } from 'ava';
import { openDatabase } from '../../platform/src/database.ts';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { silentLog } from '../../platform/test/helpers/service.ts';
import { signIn } from '../../platform/test/helpers/sign-in.ts';
import { canonicalise } from '../src/store/canonicalise.ts';
import { saveRecords } from '../src/store/source-records.ts';
import { sourceEvent } from './helpers/source-events.ts';
import { type Headers, startEvents } from './helpers/start-events.ts';

const server = useDatabase(test);
const DAY_MS = 86_400_000;
const day = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

interface Local {
  readonly id: number;
  readonly eventId: number;
  readonly title: string;
  readonly [field: string]: unknown;
}
interface Found {
  readonly events: { id: number; title: string; city: string; [field: string]: unknown }[];
}

async function begin(t: ExecutionContext) {
  const events = await startEvents(t, server());
  const [organizer, other, admin, user] = await Promise.all([
    signIn(server(), 'organizer'),
    signIn(server(), 'organizer'),
    signIn(server(), 'admin'),
    signIn(server()),
  ]);
  const make = async (body: object, headers: Headers = organizer.headers) => {
    const answer = await events.call('POST', '/events', headers, body);
    t.is(answer.status, 201, await answer.clone().text());
    return (await answer.json()) as Local;
  };
  const change = (id: number, body: object, headers: Headers = organizer.headers) =>
    events.call('PATCH', `/events/${id}`, { 'if-match': '*', ...headers }, body);
  const search = (query: string) => events.json<Found>(`/v1/events/search?${query}`);
  return { ...events, organizer, other, admin, user, make, change, search };
}

test.serial(
  '7.B-14 local events – entered, changed, taken back – are seen by a search at once, under one number',
  async (t) => {
    const { make, change, search, call, organizer } = await begin(t);
    const made = await make({
      title: 'Seisiún na Nollag',
      city: 'Kilkenny',
      startsAt: `${day(20)}T20:00`,
      venue: { name: 'An Cúinne' },
      genres: ['Trad'],
      artists: ['Nuala Ní Mhurchú'],
      price: { min: 12.5 },
    });
    const found = async () => (await search('city=Kilkenny')).events;
    t.like((await found())[0], {
      id: made.eventId,
      title: 'Seisiún na Nollag',
      genres: ['Trad'],
      price: { min: 12.5, max: null, currency: 'EUR' },
      venue: { id: null, name: 'An Cúinne' },
    });

    t.is(
      (await change(made.id, { title: 'Seisiún mór', startsAt: `${day(40)}T21:00` })).status,
      200,
    );
    t.like((await found())[0], { id: made.eventId, title: 'Seisiún mór', genres: ['Trad'] });
    t.is((await found()).length, 1);

    // Another city: nothing of it stays behind.
    t.is((await change(made.id, { city: 'Wexford' })).status, 200);
    t.is((await found()).length, 0);
    t.like((await search('city=Wexford')).events[0], { id: made.eventId, city: 'Wexford' });

    const gone = await call('DELETE', `/events/${made.id}`, {
      'if-match': '*',
      ...organizer.headers,
    });
    t.is(gone.status, 204);
    t.is((await search('city=Wexford')).events.length, 0);
    t.is((await call('GET', `/events/${made.id}`, organizer.headers)).status, 404);
  },
);

test.serial(
  '7.B-14 local events – the same gig that a source has – are one event with it, and part from it again',
  async (t) => {
    const { make, search, call, organizer } = await begin(t);
    const log = silentLog('ingest');
    const database = openDatabase({ config: server().config, log, connections: 2 });
    t.teardown(() => database.close());
    const startsAt = new Date(`${day(30)}T20:00:00Z`);
    const ticketmaster = sourceEvent({
      title: 'Paper Wolves with Soft Tides',
      sourceId: 'tm-local',
      city: 'Sligo',
      startsAt,
      venue: { name: 'The Lantern', position: null },
      price: { min: 2_000, max: null, currency: 'EUR' },
    });
    await saveRecords(database, 'Sligo', [ticketmaster], new Date());
    await canonicalise(database);
    const [before] = (await search('city=Sligo')).events;

    const made = await make({
      title: 'Paper Wolves',
      description: 'Doors at seven',
      city: 'Sligo',
      startsAt: startsAt.toISOString(),
      venue: { name: 'Lantern' },
    });
    // A title that contains another one's, on another evening, is another gig.
    const next = await make({
      title: 'Paper Wolves',
      city: 'Sligo',
      startsAt: new Date(startsAt.getTime() + DAY_MS).toISOString(),
      venue: { name: 'Lantern' },
    });
    const after = (await search('city=Sligo')).events;
    t.is(after.length, 2);
    t.like(after[0], {
      id: before?.id,
      title: 'Paper Wolves',
      description: 'Doors at seven',
      price: { min: 20, max: null, currency: 'EUR' },
    });
    t.is(made.eventId, before?.id ?? 0);
    t.not(next.eventId, made.eventId);

    await call('DELETE', `/events/${made.id}`, { 'if-match': '*', ...organizer.headers });
    t.like((await search('city=Sligo')).events[0], {
      id: before?.id,
      title: 'Paper Wolves with Soft Tides',
      description: null,
    });
  },
);

test.serial(
  'local events – a venue of the directory – lends its name, city and place',
  async (t) => {
    const { make, json } = await begin(t);
    const venue = await server().insert('venues', {
      slug: 'tonn-athlone',
      name: 'Tonn',
      address: '1 Main Street',
      city: 'Athlone',
      position: { toSqlString: () => "ST_GeomFromText('POINT(-7.94 53.42)')" },
    });
    const made = await make({ title: 'A gig', startsAt: `${day(10)}T20:00`, venue: { id: venue } });
    t.like(made, {
      city: 'Athlone',
      venue: { id: venue, name: 'Tonn', position: { latitude: 53.42, longitude: -7.94 } },
    });
    t.like(await json(`/v1/events/${made.eventId}`), { venue: { id: venue, name: 'Tonn' } });
  },
);

test.serial(
  '7.A-3 local events – of others, without a token, of a mere user – are neither seen nor changed; an admin may',
  async (t) => {
    const { make, change, call, json, organizer, other, admin, user } = await begin(t);
    const made = await make({ title: 'Mine', city: 'Ennis', startsAt: `${day(10)}T20:00` });
    const path = `/events/${made.id}`;
    for (const [headers, status] of [
      [{}, 401],
      [user.headers, 403],
      [other.headers, 404],
    ] as const) {
      const seen = { 'if-match': '*', ...headers };
      t.is((await call('GET', path, headers)).status, status);
      t.is((await call('GET', `${path}/changes`, headers)).status, status);
      t.is((await change(made.id, { title: 'Theirs' }, headers)).status, status);
      t.is((await call('DELETE', path, seen)).status, status);
    }
    t.like(await json(path, organizer.headers), { title: 'Mine' });
    const idsOf = async (headers: Headers) =>
      (await json<{ events: Local[] }>('/events?limit=100', headers)).events.map(({ id }) => id);
    t.deepEqual(await idsOf(organizer.headers), [made.id]);
    t.deepEqual(await idsOf(other.headers), []);
    t.true((await idsOf(admin.headers)).includes(made.id));

    t.is((await change(made.id, { status: 'cancelled' }, admin.headers)).status, 200);
    const { changes } = await json<{ changes: { action: string; by: { id: number } }[] }>(
      `${path}/changes`,
      organizer.headers,
    );
    t.deepEqual(
      changes.map(({ action, by }) => [action, by.id]),
      [
        ['update', admin.id],
        ['create', organizer.id],
      ],
    );
  },
);

test.serial(
  'local events – sent twice with a key, and changed by two at once – are made once, and no change is lost',
  async (t) => {
    const { call, change, organizer, search } = await begin(t);
    const body = { title: 'Once', city: 'Derry', startsAt: `${day(10)}T20:00` };
    const headers = { 'idempotency-key': 'once-and-never-again', ...organizer.headers };
    // Whoever waits too long for the other one is told to come again, and does.
    const post = async (): Promise<Response> => {
      const answer = await call('POST', '/events', headers, body);
      return answer.status === 503 ? post() : answer;
    };
    const both = await Promise.all([post(), post()]);
    t.deepEqual(
      both.map(({ status }) => status),
      [201, 201],
    );
    const [one, other] = (await Promise.all(both.map((it) => it.json()))) as [Local, Local];
    t.is(one.id, other.id);
    t.is((await search('city=Derry')).events.length, 1);

    const read = await call('GET', `/events/${one.id}`, organizer.headers);
    const seen = { 'if-match': read.headers.get('etag') ?? '', ...organizer.headers };
    t.is((await change(one.id, { title: 'Twice' }, seen)).status, 200);
    t.is((await change(one.id, { title: 'Thrice' }, seen)).status, 412);
    const without = await call('PATCH', `/events/${one.id}`, organizer.headers, { title: 'X' });
    t.is(without.status, 428);
  },
);

const valid = { title: 'A gig', city: 'Tralee', startsAt: `${day(10)}T20:00` };
const wrong: readonly (readonly [string, object, string])[] = [
  ['no city', { ...valid, city: undefined }, 'body.city'],
  ['a city that is none of ours', { ...valid, city: 'Paris' }, 'body.city'],
  ['a venue that is not there', { ...valid, venue: { id: 4_000_000 } }, 'body.venue.id'],
  ['a venue without name or id', { ...valid, venue: {} }, 'body.venue'],
  [
    'a place far from its city',
    { ...valid, venue: { name: 'X', position: { latitude: 53.35, longitude: -6.26 } } },
    'body.venue.position',
  ],
  ['an end before its start', { ...valid, endsAt: `${day(10)}T19:00` }, 'body.endsAt'],
  ['an end weeks later', { ...valid, endsAt: `${day(40)}T19:00` }, 'body.endsAt'],
  ['a day that is over', { ...valid, startsAt: '2020-01-01T20:00' }, 'body.startsAt'],
  ['a day years ahead', { ...valid, startsAt: '2040-01-01T20:00' }, 'body.startsAt'],
  ['a time that is none', { ...valid, startsAt: '2026-02-31' }, 'body.startsAt'],
  [
    'a price that ends before it begins',
    { ...valid, price: { min: 20, max: 10 } },
    'body.price.max',
  ],
  ['a genre that nobody knows', { ...valid, genres: ['polka-metal'] }, 'body.genres'],
  ['a link that is none', { ...valid, ticketUrl: 'javascript:alert(1)' }, 'body.ticketUrl'],
  ['a title of blanks', { ...valid, title: '   ' }, 'body.title'],
  ['a field of no meaning', { ...valid, popularity: 9 }, 'body'],
];

test.serial(
  'local events – what is wrong with them – is told by field, and nothing is kept',
  async (t) => {
    const { call, organizer, json, search } = await begin(t);
    for (const [what, body, field] of wrong) {
      const answer = await call('POST', '/events', organizer.headers, body);
      t.is(answer.status, 400, what);
      const { errors } = (await answer.json()) as { errors: { field: string; message: string }[] };
      t.true(errors[0]?.field.startsWith(field), `${what}: ${JSON.stringify(errors)}`);
    }
    t.deepEqual((await json<Found>('/events', organizer.headers)).events, []);
    t.deepEqual((await search('city=Tralee')).events, []);
  },
);

test.serial(
  '7.B-7 local events – times as Irish clocks show them – are moments, in summer and in winter',
  async (t) => {
    const { make } = await begin(t);
    const year = new Date().getUTCFullYear() + 1;
    const at = async (startsAt: string) =>
      (await make({ title: startsAt, city: 'Killarney', startsAt })).startsAt;
    t.is(await at(`${year}-07-01T20:00`), `${year}-07-01T19:00:00.000Z`);
    t.is(await at(`${year}-01-10T20:00`), `${year}-01-10T20:00:00.000Z`);
    t.is(await at(`${year}-07-01T20:00:00+01:00`), `${year}-07-01T19:00:00.000Z`);
  },
);
