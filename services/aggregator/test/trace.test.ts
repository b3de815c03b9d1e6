import test from 'ava';
import { sendJson, startAggregator, startUpstream } from './helpers/upstream.ts';

test('gateway – a request without a trace – begins one, the same for all services that it asks', async (t) => {
  const event = {
    id: 1,
    title: 'T',
    description: null,
    startsAt: '2027-01-01T20:00:00.000Z',
    endsAt: null,
  };
  const more = {
    city: 'Cork',
    venue: { id: 1, name: 'V' },
    genres: [],
    price: null,
    status: 'scheduled',
    ticketUrl: null,
  };
  const page = { events: [{ ...event, ...more }], nextCursor: null, hasMore: false };
  const upstream = await startUpstream(t, sendJson({ ...page, venues: [], mentions: [[]] }));
  const { url: all } = upstream;
  const { url } = await startAggregator(
    t,
    { events: all, venue: all, dj: all },
    { patienceMs: 7_000 },
  );

  await (await fetch(`${url}/api/gigs`)).text();
  await (await fetch(`${url}/api/gigs?limit=3`)).text();

  const traces = upstream.seen.map(({ headers }) => String(headers.traceparent));
  t.is(traces.length, 6);
  for (const trace of traces) t.regex(trace, /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  t.is(new Set(traces).size, 2, 'one for each request');
  t.is(new Set(upstream.seen.map(({ headers }) => headers['x-request-id'])).size, 2);
});
