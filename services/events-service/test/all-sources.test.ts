import test, { type ExecutionContext } from 'ava';
import { createApify } from '../../../local/sources/apify/index.ts';
import { createBandsintown } from '../../../local/sources/bandsintown/index.ts';
import { createEventbrite, ORGANIZATIONS } from '../../../local/sources/eventbrite/index.ts';
import { utcOf } from '../../../local/sources/irish-clock.ts';
import { createTicketmaster } from '../../../local/sources/ticketmaster/index.ts';
import { type Gig, gigsOf, venueNumber } from '../../../local/sources/world.ts';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { createSources } from '../src/sources/index.ts';
import { limits } from '../src/sources/limits.ts';
import { allSources, forgetIngested, only, startIngestion } from './helpers/ingestion.ts';
import { startEvents } from './helpers/start-events.ts';

const server = useDatabase(test);
const DAY_MS = 86_400_000;

const gig = (with_: Partial<Gig> = {}): Gig => {
  const [made] = gigsOf(new Date(Date.now() + 20 * DAY_MS), 1);
  return { ...(made as Gig), support: undefined, status: 'onsale', share: 1, ...with_ };
};

async function begin(
  t: ExecutionContext,
  ...args: Parameters<typeof startIngestion> extends [unknown, unknown, ...infer Rest]
    ? Rest
    : never
) {
  await forgetIngested(server());
  return startIngestion(t, server(), ...args);
}

const bandsintownOf = (...artists: string[]) => ({
  ...only('bandsintown'),
  bandsintown: { ...allSources.bandsintown, artists },
});

test.serial(
  '7.B-10 bandsintown – an artist that it does not know, and one whose answer is broken – cost the others nothing',
  async (t) => {
    const gigs = [
      gig({ id: 'a', act: 'Lankum' }),
      gig({ id: 'b', act: 'AC/DC?', venue: 'Tonn' }),
      gig({ id: 'c', act: 'Kneecap', venue: 'Salt Store' }),
    ];
    const {
      run,
      rows,
      pass,
      server: asked,
    } = await begin(
      t,
      [createBandsintown({ gigs: () => gigs })],
      bandsintownOf('Nobody At All', 'Lankum', 'AC/DC?', 'Kneecap'),
    );
    asked.faults.add({ kind: 'garbage', path: '/artists/Lankum', times: 1 });

    t.like(await run(), { asked: 4, failed: 1, events: 2 });
    const titles = () =>
      rows<{ title: string }>('SELECT title FROM events ORDER BY title').then((found) =>
        found.map(({ title }) => title),
      );
    t.deepEqual(await titles(), ['AC/DC?', 'Kneecap']);
    t.deepEqual(
      (await rows<{ scope: string }>('SELECT scope FROM source_states WHERE failures > 0')).map(
        ({ scope }) => scope,
      ),
      ['Lankum'],
    );

    // Only who failed is asked again, and not before its time.
    const calls = asked.calls.length;
    t.like(await run(), { asked: 0 });
    pass(0.2);
    t.like(await run(), { asked: 1, events: 1 });
    t.is(asked.calls.length, calls + 1);
    t.deepEqual(await titles(), ['AC/DC?', 'Kneecap', 'Lankum']);
  },
);

test.serial(
  '7.B-9 bandsintown – two failures one after the other – are its own: it is left alone, and those that failed come last',
  async (t) => {
    const names = ['A', 'B', 'C', 'D'];
    const {
      run,
      pass,
      rows,
      server: asked,
    } = await begin(
      t,
      [
        createBandsintown({
          gigs: () => names.map((act, i) => gig({ id: act, act, venue: `Room ${i}` })),
        }),
      ],
      bandsintownOf(...names),
    );
    asked.faults.add({ kind: 'status', status: 500, path: '/artists/A/', times: 1_000 });
    asked.faults.add({ kind: 'status', status: 500, path: '/artists/B/', times: 1_000 });

    t.like(await run(), { asked: 2, failed: 2, events: 0 });
    t.like(await run(), { asked: 0 });
    pass(0.2);
    t.like(await run(), { asked: 4, failed: 2, events: 2 });
    t.is((await rows('SELECT 1 FROM events')).length, 2);
  },
);

test.serial('bandsintown – a key that is refused – ends the run at once', async (t) => {
  const { run, server: asked } = await begin(
    t,
    [createBandsintown({ gigs: () => [gig({ act: 'Lankum' })] })],
    bandsintownOf('Lankum', 'Kneecap'),
  );
  asked.faults.add({ kind: 'status', status: 403, times: 9 });
  t.like(await run(), { asked: 1, failed: 1 });
  t.is(asked.calls.length, 1);
});

test.serial(
  '7.B-11 eventbrite – the search that was switched off – is never asked: organisations and venues are, page by page',
  async (t) => {
    const gigs = gigsOf(new Date(Date.now() + DAY_MS), 15);
    const mine = gigs.filter((it) => venueNumber(it) % 3 === 0);
    const venue = gigs.find((it) => venueNumber(it) % 3 === 1) as Gig;
    const there = gigs.filter((it) => venueNumber(it) === venueNumber(venue));
    const {
      run,
      rows,
      server: asked,
    } = await begin(t, [createEventbrite({ gigs: () => gigs, pageSize: 20 })], {
      ...only('eventbrite'),
      eventbrite: {
        ...allSources.eventbrite,
        organizations: [ORGANIZATIONS[0] ?? '', '999'],
        venues: [String(70_000_000 + venueNumber(venue))],
      },
    });

    // An organisation that it does not know costs the others nothing.
    t.like(await run(), { asked: 3, failed: 1, events: mine.length + there.length, bad: 0 });
    t.false(asked.calls.some((call) => call.includes('/events/search')));
    t.true(asked.calls.length >= Math.ceil(mine.length / 20) + 2);
    const cancelled = [...mine, ...there].filter(({ status }) => status === 'cancelled').length;
    t.is((await rows("SELECT 1 FROM events WHERE status = 'cancelled'")).length, cancelled);
  },
);

test.serial('eventbrite – with its token alone – asks for its own organisations', async (t) => {
  const gigs = gigsOf(new Date(Date.now() + DAY_MS), 5);
  const { run, server: asked } = await begin(
    t,
    [createEventbrite({ gigs: () => gigs })],
    only('eventbrite'),
  );
  t.like(await run(), { asked: 1, failed: 0, events: gigs.length });
  t.true(asked.calls[0]?.startsWith('eventbrite /v3/users/me/organizations/'));
});

test.serial(
  '7.B-7 sources – gigs on both sides of both changes of clocks – stand in the database as the same moments',
  async (t) => {
    const days = ['2027-03-27', '2027-03-28', '2027-10-30', '2027-10-31'];
    const gigs = days.map((date, i) =>
      gig({ id: `${i}`, date, time: '20:30:00', act: 'Lankum', city: 'Dublin' }),
    );
    for (const begins of ['2027-03-20T12:00:00Z', '2027-10-20T12:00:00Z']) {
      const standIns = [
        createTicketmaster({ gigs: () => gigs }),
        createBandsintown({ gigs: () => gigs }),
        createEventbrite({ gigs: () => gigs }),
        createApify({ gigs: () => gigs, runMs: 0 }),
      ];
      const { run, rows, pass, now } = await begin(t, standIns, {
        ...allSources,
        bandsintown: { ...allSources.bandsintown, artists: ['Lankum'] },
      });
      pass((Date.parse(begins) - now().getTime()) / 3_600_000);
      t.like(await run(), { failed: 0 });
      const found = await rows<{ source: string; at: Date }>(
        'SELECT source, starts_at AS at FROM event_sources WHERE starts_at < ? ORDER BY source, at',
        new Date(Date.parse(begins) + 30 * DAY_MS),
      );
      const expected = gigs
        .map((it) => utcOf(it).replace('Z', '.000Z'))
        .filter((at) => at > begins && Date.parse(at) < Date.parse(begins) + 30 * DAY_MS);
      t.is(expected.length, 2);
      for (const source of ['bandsintown', 'dice', 'eventbrite', 'ticketmaster']) {
        const moments = found
          .filter((it) => it.source === source)
          .map(({ at }) => at.toISOString());
        t.deepEqual(moments, expected, source);
      }
    }
  },
);

test.serial(
  'dice – one run for a city and a day – is paid for once, whatever becomes of who started it',
  async (t) => {
    const gigs = gigsOf(new Date(Date.now() + DAY_MS), 30).filter(({ city }) => city === 'Dublin');
    const apify = createApify({ gigs: () => gigs, runMs: 0 });
    const {
      run,
      pass,
      rows,
      server: asked,
    } = await begin(t, [apify], {
      ...only('dice'),
      dice: { ...allSources.dice, cities: ['Dublin'] },
    });

    // The start is done, and its answer is lost.
    asked.faults.add({ kind: 'slow', ms: 0, path: '/runs', times: 1 });
    asked.faults.add({ kind: 'late-cut', path: '/runs', times: 1 });
    t.like(await run(), { failed: 1, events: 0 });
    t.is(apify.paid(), 1);

    pass(0.2);
    t.like(await run(), { failed: 0, events: gigs.length });
    t.is(apify.paid(), 1);
    t.true(gigs.length > 250);
    t.is((await rows('SELECT 1 FROM event_sources')).length, gigs.length);

    // Neither a lost state nor an admin's wish pays again within the day.
    await server().admin.query('DELETE FROM source_states');
    t.like(await run(), { events: gigs.length, changed: 0 });
    t.is(apify.paid(), 1);
    pass(25);
    t.like(await run(), { failed: 0 });
    t.is(apify.paid(), 2);
  },
);

test.serial(
  'dice – runs that fail – are no more than a day may cost, and then the source says until when',
  async (t) => {
    const apify = createApify({ gigs: () => [], runMs: 0, ending: 'FAILED' });
    const { run, pass, one } = await begin(t, [apify], {
      ...only('dice'),
      dice: { ...allSources.dice, cities: ['Dublin'] },
    });
    for (let hour = 0; hour < 12; hour += 1) {
      await run();
      await server().admin.query('DELETE FROM source_states');
      pass(1);
    }
    t.is(apify.paid(), 10);
    await run();
    const { error } = await one<{ error: string }>(
      'SELECT error FROM source_states WHERE scope = ?',
      '*',
    );
    t.is(error, 'its 10 paid runs of a day are used');
  },
);

test.serial(
  'dice – a run that takes long – is left to itself, and read by the next ingestion',
  async (t) => {
    const gigs = [gig({ city: 'Dublin' })];
    const apify = createApify({ gigs: () => gigs, runMs: 3_600_000, longestWaitMs: 0 });
    const { run, pass, one } = await begin(t, [apify], {
      ...only('dice'),
      dice: { ...allSources.dice, cities: ['Dublin'] },
    });
    t.like(await run(), { failed: 1 });
    t.is(
      (await one<{ error: string }>('SELECT error FROM source_states WHERE scope = ?', '*')).error,
      'its run is still at work',
    );
    pass(1);
    t.like(await run(), { failed: 0, events: 1 });
    t.is(apify.paid(), 1);
  },
);

test('dice – a token without the switch – starts nothing', (t) => {
  const config = { ...allSources, dice: { ...allSources.dice, enabled: false } };
  t.deepEqual(
    createSources(config, 'http://127.0.0.1:1').map(({ name }) => name),
    ['ticketmaster', 'bandsintown', 'eventbrite'],
  );
});

test.serial(
  '7.C-1, 7.B-9 visitors – every way of asking what is on, while nothing is known – ask no source and pay for nothing',
  async (t) => {
    const apify = createApify();
    const { url, server: asked } = await begin(t, [
      createTicketmaster(),
      createBandsintown(),
      createEventbrite(),
      apify,
    ]);
    const { url: events } = await startEvents(t, server(), { sourcesUrl: url });
    for (const path of [
      '/v1/events/search?city=Dublin',
      '/v1/events/search?city=Cork&q=lankum&genres=techno',
      '/v1/events/1',
      '/v1/events/1/calendar',
      '/v1/users/me/feed',
      '/v1/performers',
    ]) {
      const answer = await fetch(events + path);
      t.true(answer.status < 500, path);
      await answer.body?.cancel();
    }
    t.deepEqual(asked.calls, []);
    t.is(apify.paid(), 0);
    const [stated] = (await server().admin.query('SELECT COUNT(*) AS n FROM source_states'))[0] as {
      n: number;
    }[];
    t.is(stated?.n, 0);
  },
);

test.serial(
  'sources – all of them over the same nights – make one event of each gig, and a second run changes nothing',
  async (t) => {
    const gigs = gigsOf(new Date(Date.now() + 2 * DAY_MS), 8);
    const { run, one, pass, rows } = await begin(
      t,
      [
        createTicketmaster({ gigs: () => gigs.filter(({ share }) => share < 80) }),
        createBandsintown({ gigs: () => gigs }),
        createEventbrite({ gigs: () => gigs.filter(({ share }) => share >= 70) }),
        createApify({ gigs: () => gigs.filter(({ share }) => share >= 40), runMs: 0 }),
      ],
      {
        ...allSources,
        bandsintown: {
          ...allSources.bandsintown,
          artists: [...new Set(gigs.map(({ act }) => act))],
        },
      },
    );
    const first = await run({ limitsOf: (name) => limits[name] });
    t.deepEqual(
      await rows('SELECT source, scope, error FROM ingestions WHERE error IS NOT NULL'),
      [],
    );
    t.like(first, { failed: 0, bad: 0, elsewhere: 0 });
    const { events, records, shared } = await one<{
      events: number;
      records: number;
      shared: number;
    }>(
      `SELECT COUNT(*) AS events, CAST(SUM(n) AS INT) AS records, CAST(SUM(n > 1) AS INT) AS shared
     FROM (SELECT event_id, COUNT(*) AS n FROM event_sources GROUP BY event_id) x`,
    );
    // A gig that comes for its headliner and for its support is one row.
    const shares = (least: number, most = 100) =>
      gigs.filter(({ share }) => share >= least && share < most);
    const atDice = shares(40).filter(({ city }) => ['Dublin', 'Cork'].includes(city));
    t.is(records, shares(0, 80).length + gigs.length + shares(70).length + atDice.length);
    t.true((first?.events ?? 0) > records);
    t.is(events, gigs.length);
    t.is(shared, gigs.length);
    // No gig is two events: one room has one gig a night.
    const doubles = await rows(
      `SELECT e.city FROM events e JOIN event_places p ON p.event_id = e.id WHERE e.merged_into IS NULL
     GROUP BY e.city, DATE(e.starts_at), ST_AsText(p.position) HAVING COUNT(*) > 1`,
    );
    t.is(doubles.length, 0);
    t.log(
      `${records} rows of four sources are ${events} events, ${shared} of them of more than one`,
    );

    pass(6.1);
    const state = `SELECT uid, title, starts_at, status, updated_at FROM events WHERE starts_at < ? ORDER BY uid`;
    const before = await rows(state, new Date(Date.now() + 60 * DAY_MS));
    t.like(await run({ limitsOf: (name) => limits[name] }), { failed: 0 });
    t.deepEqual(await rows(state, new Date(Date.now() + 60 * DAY_MS)), before);
  },
);
