import test, { type ExecutionContext } from 'ava';
import { sendJson, startAggregator, startUpstream } from './helpers/upstream.ts';

const event = {
  id: 5,
  title: 'Síofra Wax all night',
  description: null,
  startsAt: '2027-01-01T20:00:00.000Z',
  endsAt: null,
  city: 'Cork',
  venue: { id: 7, name: 'An Spailpín' },
  genres: ['Techno'],
  price: null,
  status: 'scheduled',
  ticketUrl: null,
};
const venue = {
  id: 7,
  name: 'An Spailpín',
  address: '28 South Main Street',
  city: 'Cork',
  capacity: 120,
  position: { latitude: 51.89, longitude: -8.47 },
  genres: [],
};
const page = {
  events: [event, { ...event, id: 6, venue: null }],
  nextCursor: 'next',
  hasMore: true,
};

interface Gigs {
  readonly gigs: { id: number; venue: Record<string, unknown> | null; djs: object[] }[];
  readonly degraded: string[];
  readonly nextCursor: string;
}

async function startGigs(
  t: ExecutionContext,
  more: Parameters<typeof startAggregator>[1] = {},
  patienceMs = 7_000,
) {
  const events = await startUpstream(
    t,
    sendJson(page, 200, { 'cache-control': 'public, max-age=15' }),
  );
  const venues = await startUpstream(t, sendJson({ venues: [venue] }));
  const djs = await startUpstream(t, sendJson({ mentions: [[{ id: 3, name: 'Síofra Wax' }], []] }));
  const all = { events: events.url, venue: venues.url, dj: djs.url, ...more };
  const { url } = await startAggregator(t, all, { patienceMs });
  return { url, events, venues, djs };
}

test.serial(
  'gigs – all services well – are events with their venues and DJs, in three questions',
  async (t) => {
    const { url, events, venues, djs } = await startGigs(t);

    const answer = await fetch(`${url}/api/gigs?city=Cork&genre=techno&limit=2`);
    const { gigs, degraded, nextCursor } = (await answer.json()) as Gigs;

    t.is(answer.status, 200);
    t.is(answer.headers.get('cache-control'), 'public, max-age=15');
    t.deepEqual(degraded, []);
    t.is(nextCursor, 'next');
    t.like(gigs[0], { id: 5, venue: { address: '28 South Main Street', capacity: 120 } });
    t.deepEqual(gigs[0]?.djs, [{ id: 3, name: 'Síofra Wax' }]);
    t.like(gigs[1], { id: 6, venue: null, djs: [] });
    t.is(events.seen[0]?.url, '/v1/events/search?city=Cork&genres=techno&limit=2');
    t.deepEqual(
      [events, venues, djs].map(({ seen }) => seen.length),
      [1, 1, 1],
    );
    const ids = [events, venues, djs].map(({ seen }) => seen[0]?.headers['x-request-id']);
    t.deepEqual(new Set(ids).size, 1, 'one request, one id');
  },
);

for (const [name, key] of [
  ['venue-service', 'venue'],
  ['dj-service', 'dj'],
] as const) {
  test.serial(
    `OWASP API10:2023 – gigs with ${name} away, black-holed or talking nonsense – are answered without it, and say so`,
    async (t) => {
      const silent = await startUpstream(t, () => {});
      const nonsense = await startUpstream(t, sendJson({ venues: 5, mentions: 'none' }));
      for (const broken of ['http://127.0.0.1:1', silent.url, nonsense.url]) {
        const isSilent = broken === silent.url;
        const { url } = await startGigs(t, { [key]: broken }, isSilent ? 1_500 : undefined);

        const startedAt = performance.now();
        const answer = await fetch(`${url}/api/gigs`);
        const { gigs, degraded } = (await answer.json()) as Gigs;

        t.is(answer.status, 200);
        t.deepEqual(degraded, [name]);
        t.is(answer.headers.get('cache-control'), 'no-store');
        t.like(gigs[0], { id: 5, venue: { id: 7, name: 'An Spailpín' } });
        t.true(performance.now() - startedAt < 6_000, 'it does not wait for the deadline');
      }
    },
  );
}

test('7.B-25 – gigs without their events – are no empty list but a problem', async (t) => {
  const { url } = await startGigs(t, { events: 'http://127.0.0.1:1' });
  const nonsense = await startUpstream(t, sendJson({ events: 'soon' }));
  const broken = await startGigs(t, { events: nonsense.url });

  t.like(await (await fetch(`${url}/api/gigs`)).json(), {
    status: 502,
    code: 'upstream_unavailable',
  });
  t.like(await (await fetch(`${broken.url}/api/gigs`)).json(), {
    status: 502,
    code: 'upstream_garbage',
  });
});

test('7.B-27 – what events-service refuses – stays a fault of the client, with its field', async (t) => {
  const problem = {
    type: 'urn:x',
    title: 'The request is not valid',
    status: 400,
    code: 'invalid_request',
    errors: [{ field: 'query.cursor', message: 'expected the nextCursor of an earlier page' }],
  };
  const refusing = await startUpstream(t, sendJson(problem, 400));
  const { url } = await startGigs(t, { events: refusing.url });

  const later = await fetch(`${url}/api/gigs?cursor=abc`);
  const empty = await fetch(`${url}/api/gigs?djName=`);

  t.is(later.status, 400);
  t.like(await later.json(), { code: 'invalid_request', errors: problem.errors });
  t.is(empty.status, 400, 'an unknown or empty filter is told, not taken for everything');
});
