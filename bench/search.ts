import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { type Asked, wantedOf } from '../services/events-service/src/search/wanted.ts';
import { eventLists } from '../services/events-service/src/store/event-list.ts';
import { createEventStore, resolve } from '../services/events-service/src/store/events.ts';
import { countFacets } from '../services/events-service/src/store/facets.ts';
import { openDatabase } from '../services/platform/src/database.ts';
import { createLog } from '../services/platform/src/log.ts';
import { keysSql } from '../services/platform/src/page.ts';
import { migratedDatabase, withMariaDb } from './own-mariadb.ts';

/** Each kind of search on a million events at a fixed rate, and the reference's own SQL on the same rows. */
const ROWS = Number(process.argv[2] ?? 1_000_000);
const PER_SECOND = Number(process.argv[3] ?? 20);
const SECONDS = Number(process.argv[4] ?? 2);
const POOL_BYTES = 2 ** 30;
const LIMIT = 20;

/** From 300 days ago to 180 days on, 5,000 venues, 20,000 artists; every 1,000th row has a rare word. */
async function fill(admin: Connection): Promise<void> {
  const numbers = (count: number) =>
    `(SELECT CAST(seq AS SIGNED) AS n FROM seq_1_to_${count}) numbers`;
  await admin.query('SET foreign_key_checks = 0, unique_checks = 0');
  await admin.query('SET GLOBAL innodb_flush_log_at_trx_commit = 0');
  await admin.query('ALTER TABLE events DROP KEY ft_events_text');
  await admin.query(
    'CREATE TEMPORARY TABLE places (n INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(64), x DOUBLE, y DOUBLE)',
  );
  await admin.query(
    'INSERT INTO places (name, x, y) SELECT name, ST_X(position), ST_Y(position) FROM cities ORDER BY name',
  );
  const [[{ count }]] = (await admin.query('SELECT COUNT(*) AS count FROM places')) as unknown as [
    [{ count: number }],
  ];
  // Every second venue is in the largest city, as in life.
  const [[{ dublin }]] = (await admin.query(
    "SELECT n AS dublin FROM places WHERE name = 'Dublin'",
  )) as unknown as [[{ dublin: number }]];
  await admin.query(`INSERT INTO venues (slug, name, address, city, position)
    SELECT CONCAT('v-', n.n), CONCAT('House ', n.n), CONCAT(n.n, ' Main Street'), p.name,
      ST_GeomFromText(CONCAT('POINT(', p.x + ((n.n * 7919) % 1000 - 500) / 8000, ' ', p.y + ((n.n * 104729) % 1000 - 500) / 12000, ')'))
    FROM ${numbers(5_000).replace('numbers', 'n')} JOIN places p ON p.n = IF(n.n % 2 = 0, ${dublin}, 1 + n.n DIV 2 % ${count})`);
  await admin.query(
    `INSERT INTO artists (slug, name) SELECT CONCAT('artist-', n), CONCAT('Artist ', n) FROM ${numbers(20_000)}`,
  );
  await admin.query(`INSERT INTO events (uid, title, description, starts_at, city, venue_id, price_min_minor, price_max_minor, created_at)
    SELECT CONCAT('u', n), CONCAT(ELT(1 + n % 5, 'Session', 'Harbour', 'Vinyl', 'Róisín', 'Night'), ' ', IF(n % 1000 = 0, 'Bodhrán', 'music'), ' ', n),
      'Doors at eight, live until late', NOW(3) - INTERVAL 300 DAY + INTERVAL FLOOR((n * 7919 % ${ROWS}) * ${480 * 86_400} / ${ROWS}) SECOND,
      v.city, v.id, ELT(1 + n DIV 5000 % 4, 0, NULL, 1000, 2500), ELT(1 + n DIV 5000 % 4, 0, NULL, 2000, 2500), NOW(3)
    FROM ${numbers(ROWS)} JOIN venues v ON v.id = 1 + (n * 31) % 5000`);
  await admin.query(
    'INSERT INTO event_places (event_id, venue_name, position) SELECT e.id, v.name, v.position FROM events e JOIN venues v ON v.id = e.venue_id',
  );
  await admin.query(
    'INSERT INTO event_genres (event_id, genre_id) SELECT id, IF(id % 20000 = 0, 29, 1 + id % 28) FROM events',
  );
  await admin.query(
    'INSERT INTO event_artists (event_id, artist_id, position) SELECT id, 1 + (id * 13) % 20000, 0 FROM events',
  );
  await admin.query(`INSERT INTO event_sources (source, source_id, event_id, scope, city, night, starts_at, fields, digest, first_seen_at, last_seen_at)
    SELECT IF(id % 100 = 0, 'dice', 'ticketmaster'), id, id, 'all', city, DATE(starts_at), starts_at, '{}', '', NOW(3), NOW(3) FROM events WHERE id % 4 = 0`);
  await admin.query('ALTER TABLE events ADD FULLTEXT KEY ft_events_text (title, description)');
  // Until it is made anew, MariaDB 10.11's index finds none of the rows that came while there was none.
  await admin.query('ALTER TABLE events FORCE');
  // The reference's table, with its one useful index: lists are JSON in text, cities are compared in lower case.
  await admin.query(`CREATE TABLE canonical_events (id INT PRIMARY KEY AUTO_INCREMENT, title VARCHAR(255), description TEXT, start_time DATETIME,
    city VARCHAR(100), venue_name VARCHAR(255), latitude DECIMAL(9,6), longitude DECIMAL(9,6), price_min DECIMAL(10,2), genres TEXT, tags TEXT, KEY idx_city_start (city, start_time))`);
  await admin.query(`INSERT INTO canonical_events (title, description, start_time, city, venue_name, latitude, longitude, price_min, genres, tags)
    SELECT e.title, e.description, e.starts_at, e.city, p.venue_name, ST_Y(p.position), ST_X(p.position), e.price_min_minor / 100,
      JSON_ARRAY(g.name), JSON_ARRAY(a.name)
    FROM events e JOIN event_places p ON p.event_id = e.id JOIN event_genres x ON x.event_id = e.id JOIN genres g ON g.id = x.genre_id
      JOIN event_artists y ON y.event_id = e.id JOIN artists a ON a.id = y.artist_id`);
  await admin.query(
    'ANALYZE TABLE events, event_places, event_genres, event_artists, event_sources, venues, canonical_events',
  );
}

const near = { latitude: 53.3498, longitude: -6.2603 };
const remote = { latitude: 54.9966, longitude: -7.3075 };
/** A kind of search, the index that has to carry it, and what the reference asks for the same. */
const kinds: readonly (readonly [string, Asked, RegExp, (readonly [string, ...unknown[]])?])[] = [
  ['all of Ireland', {}, /starts_at/, ['1 = 1']],
  ['a city', { city: 'Cork' }, /city_starts_at/, ['LOWER(city) = LOWER(?)', 'Cork']],
  ['the largest city, tonight', { city: 'Dublin', when: 'tonight' }, /city_starts_at/],
  ['this weekend', { when: 'weekend' }, /starts_at/],
  [
    'a rare word',
    { q: 'bodhran' },
    /ft_events_text|derived|PRIMARY/,
    ['(title LIKE ? OR description LIKE ? OR venue_name LIKE ?)', ...Array(3).fill('%bodhrán%')],
  ],
  [
    'a word of every fifth title',
    { q: 'harbour' },
    /ft_events_text|derived|PRIMARY/,
    ['(title LIKE ? OR description LIKE ? OR venue_name LIKE ?)', ...Array(3).fill('%harbour%')],
  ],
  [
    'a rare word, by relevance',
    { q: 'bodhran', sort: 'relevance' },
    /ft_events_text|derived|PRIMARY/,
  ],
  [
    'a word of every fifth title, by relevance',
    { q: 'harbour', sort: 'relevance' },
    /ft_events_text|derived|PRIMARY/,
  ],
  [
    'a genre of many',
    { genres: ['techno'] },
    /starts_at|genre/,
    ["JSON_SEARCH(LOWER(genres), 'one', ?) IS NOT NULL", 'techno'],
  ],
  [
    'a genre of 50',
    { genres: ['sean-nos'] },
    /genre/,
    ["JSON_SEARCH(LOWER(genres), 'one', ?) IS NOT NULL", 'sean-nós'],
  ],
  ['5 km around a city’s middle', { near, radiusKm: 5 }, /starts_at|position/],
  ['2 km elsewhere', { near: remote, radiusKm: 2 }, /starts_at|position/],
  ['the nearest within 50 km', { near, radiusKm: 50, sort: 'nearest' }, /position|starts_at/],
  ['free', { free: true }, /price|starts_at/],
  [
    '10 to 15 euros, a city',
    { priceMin: 10, priceMax: 15, city: 'Cork' },
    /starts_at/,
    ['LOWER(city) = LOWER(?) AND (price_min IS NULL OR price_min <= ?)', 'Cork', 15],
  ],
  ['a source', { source: 'dice' }, /starts_at|source/],
  [
    'an artist',
    { artist: 'Artist 77' },
    /artist/,
    [
      "(title LIKE ? OR JSON_SEARCH(LOWER(tags), 'one', ?) IS NOT NULL)",
      '%artist 77%',
      'artist 77',
    ],
  ],
  ['a venue', { venue: 'House 77' }, /venue/, ['venue_name LIKE ?', '%House 77%']],
];

const quantile = (sorted: readonly number[], at: number) =>
  (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? 0).toFixed(1);

/** Asked at its time whether or not the one before is answered, so that a slow one costs those behind it. */
async function atRate(ask: () => Promise<unknown>, perSecond = PER_SECOND) {
  await ask();
  const started: Promise<number>[] = [];
  for (let n = 0; n < perSecond * SECONDS; n++) {
    const began = performance.now();
    started.push(ask().then(() => performance.now() - began));
    await sleep(1000 / perSecond);
  }
  const done = await Promise.allSettled(started);
  const times = done
    .flatMap((it) => (it.status === 'fulfilled' ? [it.value] : []))
    .sort((a, b) => a - b);
  return {
    told: `${quantile(times, 0.5)} / ${quantile(times, 0.99)}`,
    failed: done.length - times.length,
  };
}

const row = (...cells: readonly unknown[]) => console.log(`| ${cells.join(' | ')} |`);
await withMariaDb('bench-search', async ({ server }) => {
  const { admin, config } = await migratedDatabase(server);
  // As much as a server of that many events would have; make up's own makes do with 64 MiB.
  await admin.query('SET GLOBAL innodb_buffer_pool_size = ?', [POOL_BYTES]);
  const began = performance.now();
  await fill(admin);
  const seconds = Math.round((performance.now() - began) / 1000);
  const [[pool]] = (await admin.query(
    'SELECT @@innodb_buffer_pool_size / 1048576 AS size',
  )) as unknown as [[{ size: number }]];
  console.log(
    `${ROWS} events made in ${seconds} s; ${PER_SECOND} searches a second for ${SECONDS} s each, load average ${loadavg()[0]?.toFixed(1)}, buffer pool ${pool.size} MiB\n`,
  );
  const log = createLog({ service: 'bench', level: 'silent' });
  const database = openDatabase({ config, log, statementTimeoutMs: 10_000 });
  const store = createEventStore(database);
  const problems: string[] = [];
  row('search', 'ms p50 / p99', 'failed', 'carried by', 'reference ms');
  row('---', '---', '---', '---', '---');
  for (const [name, asked, index, reference] of kinds) {
    const wanted = wantedOf(asked, new Date());
    const lists = eventLists(wanted, (await resolve(database, wanted)) ?? {}, { limit: LIMIT });
    const plans: string[] = [];
    for (const list of lists) {
      const { sql, values } = keysSql(list);
      const [plan] = await admin.query<RowDataPacket[]>(`EXPLAIN ${sql}`, [...values]);
      const keys = [
        ...new Set(plan.flatMap(({ key }) => (key ? String(key).split('|') : []))),
      ].join(', ');
      const scans = plan.some(
        ({ table, type }) => type === 'ALL' && /^[esxp]$/.test(String(table)),
      );
      // What is at hand is read by the time alone; the nearest are all of one kind.
      const isFirst = list !== lists.at(-1) && asked.sort !== 'nearest';
      if (!(isFirst ? /starts_at/ : index).test(keys) || scans) {
        problems.push(`${name}: ${keys}${scans ? ', scan' : ''}`);
      }
      plans.push(keys);
    }
    const carried = [...new Set(plans)].join('; then ');
    const ask = () => store.search(wanted, { limit: LIMIT });
    if ((await ask()).events.length === 0) problems.push(`${name}: nothing is found`);
    const { told, failed } = await atRate(ask);
    row(name, told, failed, carried, reference ? await referenceMs(admin, reference) : '–');
  }
  let cursor: string | undefined;
  for (let page = 0; page < 50; page++) {
    const found = await store.search(wantedOf({}, new Date()), { limit: LIMIT, cursor });
    cursor = found.nextCursor ?? undefined;
  }
  const everything = wantedOf({}, new Date());
  const deep = await atRate(() => store.search(everything, { limit: LIMIT, cursor }));
  row('page 51', deep.told, deep.failed, 'the cursor', '–');
  for (const [name, asked] of [
    ['facets of a city', { city: 'Cork' }],
    ['facets of all', {}],
  ] as const) {
    const { told, failed } = await atRate(
      () => countFacets(database, wantedOf(asked, new Date())),
      2,
    );
    row(name, told, failed, '2 a second', '–');
  }
  for (const problem of problems) console.log(`\nnot as wanted: ${problem}`);
  if (problems.length > 0) process.exitCode = 1;
  await database.close();
  await admin.end();
});

/** The median of three of the reference's own searches, of 20 rows instead of its 200. */
async function referenceMs(admin: Connection, [where, ...values]: readonly [string, ...unknown[]]) {
  const times: number[] = [];
  for (let n = 0; n < 3; n++) {
    const began = performance.now();
    await admin.query(
      `SELECT * FROM canonical_events WHERE start_time >= NOW() AND start_time <= NOW() + INTERVAL 90 DAY
         AND ${where} ORDER BY start_time ASC LIMIT ${LIMIT} OFFSET 0`,
      values,
    );
    times.push(performance.now() - began);
  }
  return quantile(
    times.sort((a, b) => a - b),
    0.5,
  );
}
