import test, { type ExecutionContext } from 'ava';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { startEvents } from './helpers/start-events.ts';

const server = useDatabase(test);
const HOUR = 3_600_000;

interface Page {
  readonly events: { readonly id: number; readonly title: string }[];
  readonly nextCursor: string | null;
  readonly hasMore: boolean;
}

async function start(t: ExecutionContext) {
  const { get, json } = await startEvents(t, server());
  const search = (query: Record<string, string>) =>
    json<Page>(`/v1/events/search?${new URLSearchParams({ ...query, sort: 'relevance' })}`);
  const titles = async (query: Record<string, string>) =>
    (await search(query)).events.map(({ title }) => title);
  return { get, search, titles };
}

let made = 0;
const makeEvent = (title: string, city: string, inHours: number, row = {}) => {
  made += 1;
  return server().insert('events', {
    ...{ uid: `relevance-${made}`, title, city },
    ...{ starts_at: new Date(Date.now() + inHours * HOUR), ...row },
  });
};

test('relevance – titles that fit better – come before events that are sooner', async (t) => {
  const { titles } = await start(t);
  const city = 'Cork';
  await makeEvent('Quiz', city, 1, { description: 'With a prize by Róisín Murphy' });
  await makeEvent('Róisíneach & Murphys', city, 2);
  await makeEvent('Murphy’s, with Róisín', city, 3);
  await makeEvent('An evening with Róisín Murphy (live)', city, 4);
  await makeEvent('Roisin Murphy!', city, 5);
  await makeEvent('RÓISÍN – MURPHY', city, 6);
  await makeEvent('Somebody else', city, 7);

  t.deepEqual(await titles({ city, q: 'roisin murphy' }), [
    'Roisin Murphy!',
    'RÓISÍN – MURPHY',
    'An evening with Róisín Murphy (live)',
    'Murphy’s, with Róisín',
    'Róisíneach & Murphys',
    'Quiz',
  ]);
});

test('relevance – a word that no index holds, and a venue of that name – are ranked too', async (t) => {
  const { titles } = await start(t);
  const city = 'Galway';
  const venue_id = await server().insert('venues', {
    ...{ slug: 'roisin-dubh', name: 'Róisín Dubh', address: '9 Dominick Street', city },
    position: { toSqlString: () => "ST_GeomFromText('POINT(-9.0568 53.2707)')" },
  });
  await makeEvent('Comedy', city, 1, { venue_id });
  await makeEvent('The Róisín Dubh turns 30', city, 2);
  await makeEvent('A tribute to U2', city, 3);
  await makeEvent('U2', city, 4);

  t.deepEqual(await titles({ city, q: 'róisín dubh' }), ['The Róisín Dubh turns 30', 'Comedy']);
  t.deepEqual(await titles({ city, q: 'u2' }), ['U2', 'A tribute to U2']);
});

test('relevance – cut into pages – meets every event once, in the order of all, also those that start together', async (t) => {
  const { search, titles } = await start(t);
  const city = 'Sligo';
  for (let n = 0; n < 23; n++) {
    const title = ['Session', 'The Session', 'Sessions of old', 'Late'][n % 4] ?? '';
    await makeEvent(title, city, 24 + (n % 3), { description: 'A session for all' });
  }
  const all = await search({ city, q: 'session', limit: '100' });
  t.is(all.events.length, 23);
  t.false(all.hasMore);
  t.deepEqual(
    [...new Set(all.events.map(({ title }) => title))],
    ['Session', 'The Session', 'Sessions of old', 'Late'],
  );

  const seen: number[] = [];
  const sizes: number[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Page = await search({
      ...{ city, q: 'session', limit: '5' },
      ...(cursor ? { cursor } : {}),
    });
    t.is(page.hasMore, page.nextCursor !== null);
    seen.push(...page.events.map(({ id }) => id));
    sizes.push(page.events.length);
    cursor = page.nextCursor;
  }
  t.deepEqual(
    seen,
    all.events.map(({ id }) => id),
  );
  t.deepEqual(sizes, [5, 5, 5, 5, 3]);
  t.deepEqual(await titles({ city, q: 'session', genres: 'techno' }), []);
});

test('relevance – without words – is refused and names query.sort', async (t) => {
  const { get } = await start(t);
  const answer = await get('/v1/events/search?sort=relevance');
  t.is(answer.status, 400);
  t.is(((await answer.json()) as { errors: { field: string }[] }).errors[0]?.field, 'query.sort');
});

test('relevance – a cursor of another order – is refused', async (t) => {
  const { get, search } = await start(t);
  const city = 'Ennis';
  for (let n = 0; n < 3; n++) await makeEvent('Session', city, 24 + n);
  const soonest = await get(`/v1/events/search?city=${city}&limit=1`);
  const { nextCursor } = (await soonest.json()) as Page;
  const query = { city, q: 'session', sort: 'relevance', cursor: nextCursor ?? '' };
  t.is((await get(`/v1/events/search?${new URLSearchParams(query)}`)).status, 400);
  t.is((await search({ city, q: 'session' })).events.length, 3);
});
