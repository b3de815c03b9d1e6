import test from 'ava';
import type { RowDataPacket } from 'mysql2/promise';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { signIn } from '../../platform/test/helpers/sign-in.ts';
import { makeEvent, modelFolder, startMl, trainOnce } from './helpers/start-ml.ts';

const server = useDatabase(test);

async function exposures(): Promise<number> {
  const [rows] = await server().admin.query<RowDataPacket[]>('SELECT COUNT(*) AS n FROM exposures');
  return Number(rows[0]?.n);
}

test('the feed’s question – its own candidates – come back in the order of taste with true reasons, and nothing is counted as shown', async (t) => {
  const { insert } = server();
  const ids: Record<string, number> = {};
  for (const genre of ['folk', 'house', 'techno'] as const) {
    for (const n of [1, 2, 3]) {
      ids[`${genre} ${n}`] = await makeEvent(server(), `${genre} ${n}`, { genre, days: 5 + n });
    }
  }
  const person = await signIn(server());
  await insert('event_saves', { user_id: person.id, event_id: ids['techno 1'] });
  await insert('event_hides', { user_id: person.id, event_id: ids['house 2'] });
  const over = await makeEvent(server(), 'over', { genre: 'techno', days: -1 });
  const off = await makeEvent(server(), 'off', { genre: 'techno', more: { status: 'cancelled' } });
  const folder = await modelFolder(t);
  await trainOnce(server(), folder);
  const { list, call } = await startMl(t, server(), folder);
  const asked = ['folk 1', 'house 2', 'techno 1', 'techno 2', 'techno 3'].map((it) => ids[it]);
  const body = {
    events: [...asked, over, off, 4_000_000_000, asked[0]],
    limit: 100,
    expose: false,
  };

  const own = await list(person.headers, body);
  const titles = own.recommendations.map(({ event }) => event.title);
  t.deepEqual(titles.toSorted(), ['folk 1', 'techno 2', 'techno 3']);
  t.is(titles[2], 'folk 1');
  t.true(own.recommendations[0]?.reasons.some(({ name }) => name === 'Techno'));
  t.is(own.exposureId, null);
  t.is(await exposures(), 0);
  const all = await list(person.headers, { limit: 100 });
  for (const { event, score } of own.recommendations) {
    const same = all.recommendations.find((it) => it.event.id === event.id);
    t.true(Math.abs((same?.score ?? 0) - score) < 1e-3, 'one scale, however it was asked');
  }
  t.is(await exposures(), 1);

  t.deepEqual((await list(person.headers, { events: [], expose: false })).recommendations, []);
  const anonymous = await list({}, { events: asked, expose: false });
  t.is(anonymous.recommendations.length, 5);
  const tooMany = Array.from({ length: 501 }, (_, i) => i + 1);
  for (const events of [tooMany, [0], ['1']]) {
    t.is((await call('POST', '/v1/recommendations', person.headers, { events })).status, 400);
  }
});
