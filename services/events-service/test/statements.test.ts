import { openDatabase } from '@whatsthecraic/platform/database';
import { keysSql, type List } from '@whatsthecraic/platform/page';
import test, { type ExecutionContext } from 'ava';
import type { RowDataPacket } from 'mysql2/promise';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { silentLog } from '../../platform/test/helpers/service.ts';
import { signIn } from '../../platform/test/helpers/sign-in.ts';
import { runAlerts } from '../src/alerts/run.ts';
import type { SourceEvent } from '../src/canonical/source-event.ts';
import { type Asked, wantedOf } from '../src/search/wanted.ts';
import { canonicalise } from '../src/store/canonicalise.ts';
import { eventLists } from '../src/store/event-list.ts';
import { resolve } from '../src/store/events.ts';
import { performerList } from '../src/store/performers.ts';
import { saveRecords } from '../src/store/source-records.ts';
import { sourceEvent } from './helpers/source-events.ts';
import { startEvents } from './helpers/start-events.ts';
import { statementsOf } from './helpers/statements.ts';

const server = useDatabase(test);
const DAY_MS = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS);

function open(t: ExecutionContext) {
  const database = openDatabase({ config: server().config, log: silentLog('test') });
  t.teardown(() => database.close());
  return database;
}

/** So many gigs of one night, each with an act, genres and a house of its own. */
const nightOf = (count: number, day: number, more: Partial<SourceEvent> = {}): SourceEvent[] =>
  Array.from({ length: count }, (_, n) =>
    sourceEvent({
      ...{ sourceId: `night-${day}-${n}`, title: `Act ${n} of day ${day}`, city: 'Sligo' },
      startsAt: new Date(Math.floor(inDays(day).getTime() / DAY_MS) * DAY_MS + 20 * 3_600_000),
      venue: { name: `House ${n} ${day}`, position: { latitude: 54 + n / 1_000, longitude: -8 } },
      ...{ genres: ['rock', 'jazz'], artists: [`Act ${n} of day ${day}`, `Support ${n}`] },
      ...more,
    }),
  );

test.serial(
  '7.C-2 ingestion – three rows or eighty, new, unchanged or changed – makes the same statements',
  async (t) => {
    const database = open(t);
    const ingest = (events: readonly SourceEvent[]) =>
      statementsOf(server(), async () => {
        await saveRecords(database, 'Sligo', events, new Date());
        await canonicalise(database);
      });
    const [few, many] = [3, 80];
    for (const more of [{}, {}, { description: 'Doors at eight' }]) {
      const [a, b] = [await ingest(nightOf(few, 10, more)), await ingest(nightOf(many, 20, more))];
      t.is(a.length, b.length, b.join('\n'));
      t.log(`${b.length} statements`);
      t.true(a.length > 2 && b.length < 40);
    }
    const [[{ events }]] = (await server().admin.query(
      "SELECT COUNT(DISTINCT event_id) AS events FROM event_sources WHERE city = 'Sligo'",
    )) as unknown as [[{ events: number }]];
    t.is(events, few + many);
  },
);

test.serial(
  '7.C-2 alerts – two or forty of a person, each with its event – make the same statements',
  async (t) => {
    const database = open(t);
    const { signal } = new AbortController();
    const lookWith = async (count: number) => {
      for (const table of ['alert_notices', 'alerts', 'mail_outbox']) {
        await server().admin.query(`DELETE FROM ${table}`);
      }
      const { id: user_id } = await signIn(server());
      await server().admin.query('UPDATE users SET email_confirmed_at = NOW(3) WHERE id = ?', [
        user_id,
      ]);
      for (let n = 0; n < count; n++) {
        const slug = `told-${count}-${n}`;
        const artist_id = await server().insert('artists', { slug, name: slug });
        const event_id = await server().insert('events', {
          ...{ uid: slug, title: slug, city: 'Cork', starts_at: inDays(5) },
        });
        await server().insert('event_artists', { event_id, artist_id, position: 0 });
        await server().insert('alerts', {
          ...{ user_id, artist_slug: slug, artist_name: slug },
          ...{ created_at: new Date(), checked_at: new Date() },
        });
      }
      let found = 0;
      const statements = await statementsOf(server(), async () => {
        ({ found } = await runAlerts({ database, log: silentLog('alerts'), signal }));
      });
      t.is(found, count);
      return statements;
    };
    const [few, many] = [await lookWith(2), await lookWith(40)];
    t.is(few.length, many.length, many.join('\n'));
    t.log(`${many.length} statements`);
  },
);

test.serial(
  '7.C-2, 7.C-4 performers – two or forty on a page – are read in the same statements, pictures with them, and no source’s row is',
  async (t) => {
    const database = open(t);
    const day = nightOf(40, 30, { city: 'Ennis', imageUrl: 'https://pictures.example/a.jpg' });
    await saveRecords(database, 'Ennis', day, new Date());
    await canonicalise(database);
    // What a source sent is for ingestion alone: nobody else finds out that it cannot be read.
    await server().admin.query("UPDATE event_sources SET fields = '{' WHERE city = 'Ennis'");
    const { json } = await startEvents(t, server());
    const page = async (limit: number) => {
      const performers: { imageUrl: string | null }[] = [];
      const statements = await statementsOf(server(), async () => {
        const path = `/v1/performers?city=Ennis&limit=${limit}`;
        performers.push(...(await json<{ performers: typeof performers }>(path)).performers);
      });
      return { performers, asked: statements.filter((it) => /\bartists?\b/.test(it)) };
    };
    await page(1);
    const [few, many] = [await page(2), await page(40)];

    t.deepEqual([few.performers.length, many.performers.length], [2, 40]);
    t.true(many.performers.some(({ imageUrl }) => imageUrl !== null));
    t.true(few.asked.length > 1);
    t.is(few.asked.length, many.asked.length, many.asked.join('\n'));
    t.false(many.asked.some((statement) => /event_sources|fields/.test(statement)));

    for (const path of ['/v1/events/search?city=Ennis', '/v1/events/facets?city=Ennis']) {
      const asked = await statementsOf(server(), () => json(path));
      t.true(asked.length > 0);
      t.false(
        asked.some((statement) => /\bfields\b/.test(statement)),
        path,
      );
    }
  },
);

const kinds: readonly (readonly [name: string, asked: Asked, index: RegExp])[] = [
  ['all of Ireland', {}, /^ix_events_starts_at_id$/],
  ['a city, in any case', { city: 'cORK' }, /ix_events_city_starts_at_id/],
  ['a word', { q: 'bodhran' }, /ft_events_text/],
  ['a word, by relevance', { q: 'bodhran', sort: 'relevance' }, /ft_events_text/],
  ['an artist', { artist: 'Artist 77' }, /ix_event_artists_artist_event/],
  ['a venue', { venue: 'House 77' }, /ix_event_places_venue_name/],
  ['a genre of few', { genres: ['sean-nos'] }, /ix_event_genres_genre_event/],
];

test.serial(
  '7.C-3 searches, performers and alerts – among ten thousand events – are carried by an index, and scan no table',
  async (t) => {
    const database = open(t);
    await fill(10_000);
    const now = new Date();
    const lists: [string, List, RegExp][] = [];
    for (const [name, asked, index] of kinds) {
      const wanted = wantedOf(asked, now);
      const found = eventLists(wanted, (await resolve(database, wanted)) ?? {}, { limit: 20 });
      // What is looked for among the next events first is read by the time until then.
      for (const list of found) {
        lists.push([name, list, list === found.at(-1) ? index : /ix_events_starts_at_id/]);
      }
    }
    const wanted = { q: 'artist', limit: 20 };
    lists.push(['performers', performerList(wanted, undefined, now), /ft_artists_name/]);
    for (const [name, list, index] of lists) {
      const { sql, values } = keysSql(list);
      const { keys, scanned } = await planOf(sql, values);
      t.regex(keys, index, `${name}: ${keys}`);
      t.deepEqual(scanned, [], `${name}: ${keys}`);
    }

    // Alerts for genres look at what was announced since they looked last, by its own index, however many they are.
    const { id: user_id } = await signIn(server());
    await server().admin.query('DELETE FROM alerts');
    for (let genre_id = 1; genre_id <= 28; genre_id++) {
      await server().insert('alerts', {
        ...{ user_id, artist_slug: '', artist_name: '', genre_id },
        ...{ created_at: now, checked_at: now },
      });
    }
    await server().admin.query('ANALYZE TABLE alerts');
    const { signal } = new AbortController();
    const asked = await statementsOf(server(), () =>
      runAlerts({ database, log: silentLog('alerts'), signal }),
    );
    const looks = asked.filter((statement) => /INTO alert_notices/.test(statement));
    t.is(looks.length, 1);
    for (const look of looks) {
      const { keys, scanned } = await planOf(look, []);
      t.regex(keys, /ix_events_created_at/);
      // All alerts are asked for: of them alone each row is read.
      t.deepEqual(
        scanned.filter((table) => table !== 'a'),
        [],
      );
    }
  },
);

async function planOf(sql: string, values: readonly unknown[]) {
  const [rows] = await server().admin.query<RowDataPacket[]>(`EXPLAIN ${sql}`, [...values]);
  return {
    keys: [...new Set(rows.flatMap(({ key }) => (key ? [String(key)] : [])))].join(', '),
    scanned: rows
      .filter(({ type, table }) => type === 'ALL' && !String(table).startsWith('<'))
      .map(({ table }) => String(table)),
  };
}

/** From a year ago to half a year on, in five cities; every hundredth has a rare word. */
async function fill(count: number): Promise<void> {
  const { admin } = server();
  const numbers = Array.from({ length: count }, (_, n) => n + 1);
  const all = (table: string, columns: string, row: (n: number) => unknown[]) =>
    admin.query(`INSERT INTO ${table} (${columns}) VALUES ?`, [numbers.map(row)]);
  const cities = ['Dublin', 'Cork', 'Galway', 'Limerick', 'Sligo'];
  const [[{ last }]] = (await admin.query(
    'SELECT COALESCE(MAX(id), 0) AS last FROM events',
  )) as unknown as [[{ last: number | string }]];
  const first = Number(last);
  await all('events', 'id, uid, title, city, starts_at, created_at', (n) => [
    ...[first + n, `many-${n}`, n % 100 === 0 ? `Bodhrán ${n}` : `Session ${n}`, cities[n % 5]],
    ...[inDays(((n * 7919) % 545) - 365 + (n % 10) / 20), inDays(-((n * 31) % 400) - 2)],
  ]);
  await admin.query(
    `INSERT INTO event_places (event_id, venue_name, position)
     SELECT id, CONCAT('House ', id % 500), POINT(-8 + (id % 100) / 100, 53 + (id % 77) / 100)
     FROM events WHERE id > ?`,
    [first],
  );
  await all('artists', 'slug, name', (n) => [`artist-${n}`, `Artist ${n}`]);
  await admin.query(
    `INSERT INTO event_artists (event_id, artist_id, position)
     SELECT ? + SUBSTRING(slug, 8), id, 0 FROM artists WHERE name LIKE 'Artist %'`,
    [first],
  );
  await all('event_genres', 'event_id, genre_id', (n) => [
    ...[first + n, n % 1_000 === 0 ? 29 : 1 + (n % 28)],
  ]);
  await admin.query(
    'ANALYZE TABLE events, event_places, event_artists, event_genres, artists, alerts',
  );
}
