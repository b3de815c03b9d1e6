import { hashPassword } from '@whatsthecraic/platform/password';
import test from 'ava';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { until } from '../../platform/test/helpers/start.ts';
import { startAll } from './helpers/start-all.ts';

const server = useDatabase(test);

test.serial('all six – every public route – answers through the one door', async (t) => {
  const { insert } = server();
  const at = { toSqlString: () => "ST_GeomFromText('POINT(-6.2654 53.3365)')" };
  const venue = await insert('venues', {
    slug: 'w',
    name: "Whelan's",
    address: '25 Wexford Street',
    city: 'Dublin',
    position: at,
  });
  const starts_at = new Date(Date.now() + 86_400_000);
  const event = await insert('events', {
    uid: 'e',
    title: 'Róisín <3',
    city: 'Dublin',
    starts_at,
    venue_id: venue,
  });
  const dj = await insert('djs', { slug: 'd', name: 'Fionn', city: 'Dublin' });
  const password_hash = await hashPassword('sláinte 123');
  const user = await insert('users', { email: 'demo@example.com', name: 'Demo', password_hash });
  await insert('event_saves', { user_id: user, event_id: event });
  const { url } = await startAll(t, server());
  const json = async (path: string, init?: RequestInit) => {
    const answer = await fetch(url + path, init);
    t.is(answer.status, 200, `${path}: ${await answer.clone().text()}`);
    return (await answer.json()) as never as { [key: string]: { [key: string]: unknown }[] };
  };

  const login = (await json('/v1/auth/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'demo@example.com', password: 'sláinte 123' }),
  })) as never as { token: string };
  const me = await json('/v1/auth/me', { headers: { authorization: `Bearer ${login.token}` } });
  t.like(me, { id: user, email: 'demo@example.com' });
  t.is((await json('/v1/events/search?city=Dublin&q=roisin')).events?.[0]?.id, event);
  t.like(await json(`/v1/events/${event}`), { venue: { id: venue, name: "Whelan's" } });
  t.is((await json('/djs')).djs?.[0]?.id, dj);
  t.is((await json('/v1/djs/search?q=fionn')).djs?.[0]?.id, dj);
  t.like(await json(`/djs/${dj}`), { name: 'Fionn' });
  t.is((await json('/venues')).venues?.[0]?.id, venue);
  t.is((await json('/v1/venues/search?near=53.3365,-6.2654')).venues?.[0]?.id, venue);
  t.like(await json(`/venues/${venue}`), { name: "Whelan's" });
  t.like((await json('/v1/recommendations')).recommendations?.[0], {
    reasons: [
      { type: 'saves', count: 1 },
      { type: 'soon', days: 0 },
    ],
  });
  const page = await (await fetch(url)).text();
  t.true(page.includes('Róisín &lt;3') && page.includes('Whelan&#39;s'));

  const refused = await fetch(`${url}/v1/events/search?limit=-1`, {
    headers: { 'x-request-id': 'through' },
  });
  t.is(refused.status, 400, 'a fault of the client stays one');
  t.like(await refused.json(), { code: 'invalid_request', requestId: 'through' });
});

test.serial(
  '7.A-2 all six – the database goes away and comes back – answers 503 and recovers, nobody dies',
  async (t) => {
    const { url, health } = await startAll(t, server());

    await server().stop();
    for (const path of ['/v1/events/search', '/djs', '/venues', '/v1/recommendations']) {
      const answer = await fetch(url + path);
      t.is(answer.status, 503, path);
      t.is(answer.headers.get('retry-after'), '5');
      t.like(await answer.json(), { code: 'database_unavailable' });
    }
    t.is(await health(), 'ok', 'the services are ready and say for themselves what is wrong');
    t.is((await fetch(url)).status, 200);

    await server().start();
    await until(async () => (await fetch(`${url}/v1/events/search`)).status === 200);
    t.pass();
  },
);
