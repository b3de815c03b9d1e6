import { openDatabase } from '@whatsthecraic/platform/database';
import { keysSql } from '@whatsthecraic/platform/page';
import test from 'ava';
import fc from 'fast-check';
import type { RowDataPacket } from 'mysql2/promise';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { silentLog } from '../../platform/test/helpers/service.ts';
import { wantedOf } from '../src/search/wanted.ts';
import { eventLists } from '../src/store/event-list.ts';
import { resolve } from '../src/store/events.ts';

const server = useDatabase(test);
const MINUTE = 60_000;
const EVENTS = 2_500;

const WORDS = ['Róisín', 'harbour', 'O’Brien', "O'Brien", 'céilí', 'CEILI', 'house-party', 'live'];
const MORE = ['(techno)', '¡olé!', 'snake_case', 'the', 'DJ', 'naïve', 'ß-side', 'Ørsted', '4x4'];
const BETWEEN = [' ', ', ', ' – ', '/', '. '];

const titles = fc.array(
  fc
    .array(fc.tuple(fc.constantFrom(...WORDS, ...MORE), fc.constantFrom(...BETWEEN)), {
      minLength: 1,
      maxLength: 4,
    })
    .map((parts) => parts.flat().join('').trim()),
  { minLength: EVENTS, maxLength: EVENTS },
);

/** What a search asks its index only for when the next thousand events have less than a page of it. */
test('search – its first look at the next thousand events – finds the beginning of what the indexes find', async (t) => {
  t.timeout(180_000);
  const { admin, config, insert } = server();
  const venue = await insert('venues', {
    ...{ slug: 'harbour-bar', name: 'Harbour Bar', address: '1 Strand', city: 'Dublin' },
    position: { toSqlString: () => "ST_GeomFromText('POINT(-6.1 53.2)')" },
  });
  const [made = []] = fc.sample(titles, { numRuns: 1, seed: 7 });
  const starts = Date.now() + 3_600_000;
  const rows = made.map((title, n) => [
    ...[`hand-${n}`, title, n % 3 === 0 ? `${made[EVENTS - 1 - n]}` : null, 'Dublin'],
    ...[new Date(starts + Math.floor(n / 3) * MINUTE), n % 50 === 0 ? venue : null],
  ]);
  await admin.query(
    'INSERT INTO events (uid, title, description, city, starts_at, venue_id) VALUES ?',
    [rows],
  );
  await admin.query(
    'INSERT INTO event_genres (event_id, genre_id) SELECT id, 1 + id % 28 FROM events',
  );
  await admin.query(
    `INSERT INTO event_places (event_id, position)
     SELECT id, ST_GeomFromText(CONCAT('POINT(', -6.3 + (id % 97) / 200, ' 53.3)')) FROM events`,
  );
  const database = openDatabase({ config, log: silentLog('test'), connections: 1 });
  t.teardown(() => database.close());
  const numbers = async (list: Parameters<typeof keysSql>[0]) => {
    const { sql, values } = keysSql(list);
    const [found] = await admin.query<RowDataPacket[]>(sql, [...values]);
    return found.map(({ id }) => id as number);
  };
  const searches = [
    ...[...WORDS, ...MORE, 'brien', 'obrien', 'harb', 'roisin live', 'ceili harbour', 'dj live'],
    ...['olé', 'snake', 'orsted', 'side', 'party', 'o brien the', 'bar', 'zither'],
  ].map((q) => ({ q }));
  const others = [
    { genres: ['techno'] },
    { near: { latitude: 53.3, longitude: -6.2 }, radiusKm: 3 },
    { source: 'dice' as const },
    { q: 'harbour', city: 'dublin', genres: ['jazz', 'techno'], free: false },
  ];
  let looked = 0;
  for (const asked of [...searches, ...others]) {
    const wanted = wantedOf(asked, new Date());
    const resolved = (await resolve(database, wanted)) ?? {};
    const [first, whole] = eventLists(wanted, resolved, { limit: 9_000 });
    // Words that no index holds are looked for one by one anyway.
    if (!whole) continue;
    looked += 1;
    const [some, all] = [await numbers(first), await numbers(whole)];
    t.deepEqual(some, all.slice(0, some.length), JSON.stringify(asked));
    t.true(all.length === 0 || some.length < all.length || all.length < 40, JSON.stringify(asked));
  }
  t.true(looked > 25, `${looked}`);
});
