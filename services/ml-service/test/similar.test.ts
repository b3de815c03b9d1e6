import test from 'ava';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { signIn } from '../../platform/test/helpers/sign-in.ts';
import { type Line, makeEvent, modelFolder, startMl, trainOnce } from './helpers/start-ml.ts';

const server = useDatabase(test);
interface Similar {
  readonly modelVersion: string;
  readonly events: Line[];
  readonly code?: string;
}

test.afterEach.always(() => server().admin.query('DELETE FROM events'));

for (const isTrained of [false, true]) {
  test.serial(
    `similar – ${isTrained ? 'by a model' : 'before any model'} – of its kind first, none over, off, gone or itself, no three of one venue in ten`,
    async (t) => {
      const { insert } = server();
      const venue_id = await insert('venues', {
        ...{ slug: `v${isTrained}`, name: `Whelan ${isTrained}`, address: 'x', city: 'Dublin' },
        position: { toSqlString: () => "ST_GeomFromText('POINT(-6.2 53.3)')" },
      });
      const it = await makeEvent(server(), 'it', { genre: 'jazz', city: 'Dublin' });
      for (let n = 0; n < 6; n++) {
        await makeEvent(server(), `here ${n}`, {
          genre: 'jazz',
          city: 'Dublin',
          more: { venue_id },
        });
      }
      for (let n = 0; n < 8; n++) {
        await makeEvent(server(), `jazz ${n}`, { genre: 'jazz', city: 'Dublin' });
        await makeEvent(server(), `techno ${n}`, { genre: 'techno', city: 'Galway' });
      }
      await makeEvent(server(), 'over', { genre: 'jazz', city: 'Dublin', days: -1 });
      await makeEvent(server(), 'off', { genre: 'jazz', more: { status: 'cancelled' } });
      await makeEvent(server(), 'gone', { genre: 'jazz', more: { withdrawn_at: new Date() } });
      const folder = await modelFolder(t);
      if (isTrained) {
        const person = await signIn(server());
        await insert('event_saves', { user_id: person.id, event_id: it });
        await trainOnce(server(), folder);
      }
      const { call } = await startMl(t, server(), folder);
      const similar = async (id: number, query = '') =>
        (await call<Similar>('GET', `/v1/events/${id}/similar${query}`)).body;
      const { modelVersion, events } = await similar(it, '?limit=10');
      const titles = events.map(({ event }) => event.title);

      t.is(modelVersion === 'popularity', !isTrained);
      t.is(titles.length, 10);
      t.true(
        titles.slice(0, 5).every((title) => /^(jazz|here)/.test(title)),
        titles.join(),
      );
      t.false(titles.some((title) => ['it', 'over', 'off', 'gone'].includes(title)));
      t.true(titles.filter((title) => title.startsWith('here')).length <= 2);
      t.true(events.every(({ reasons }) => reasons.some((reason) => 'because' in reason)));
      t.is((await similar(it, '?limit=3')).events.length, 3);
    },
  );
}

test.serial(
  'similar – an event that nobody knows anything of, one that is over – by what they are made of',
  async (t) => {
    const { insert } = server();
    const artist_id = await insert('artists', { slug: 'lankum', name: 'Lankum' });
    const over = await makeEvent(server(), 'over', { genre: 'folk', days: -3 });
    const next = await makeEvent(server(), 'next', { genre: 'house', city: 'Galway' });
    await makeEvent(server(), 'other', { genre: 'house', city: 'Galway' });
    for (const event_id of [over, next]) {
      await insert('event_artists', { event_id, artist_id, position: 1 });
    }
    const bare = await makeEvent(server(), 'bare', { city: 'Sligo', days: 40 });
    const { call } = await startMl(t, server(), await modelFolder(t));
    const similar = (id: number | string) => call<Similar>('GET', `/v1/events/${id}/similar`);

    const found = (await similar(over)).body.events;
    t.is(found[0]?.event.id, next);
    t.is(found[0]?.reason, 'You liked Lankum before');
    t.is((await similar(bare)).status, 200);
  },
);

test.serial(
  'similar – an unknown event, a number that is none, a limit beyond – 404 and 400',
  async (t) => {
    const { call } = await startMl(t, server(), await modelFolder(t));
    const similar = (path: string) => call<Similar>('GET', `/v1/events/${path}`);

    const unknown = await similar('4000000000/similar');
    t.is(unknown.status, 404);
    t.is(unknown.body.code, 'unknown_event');
    t.is((await similar('x/similar')).status, 400);
    t.is((await similar('1/similar?limit=51')).status, 400);
  },
);
