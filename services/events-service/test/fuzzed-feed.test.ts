import test from 'ava';
import fc from 'fast-check';
import type { Call, Reply, StandIn } from '../../../local/sources/stand-in.ts';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import type { RemoteSource } from '../src/sources/limits.ts';
import { otherFields, rubbishIn } from './helpers/dirty-rows.ts';
import { allSources, forgetIngested, startIngestion } from './helpers/ingestion.ts';

const server = useDatabase(test);
const DAY_MS = 86_400_000;
const OF_EACH = 2_500;
const PAGE = 200;

type Row = Readonly<Record<string, unknown>>;

const day = (n: number) =>
  new Date(Date.now() + (2 + (n % 60)) * DAY_MS).toISOString().slice(0, 10);
const vicarStreet = { name: 'Vicar Street', city: 'Dublin', latitude: 53.3429, longitude: -6.2777 };

/** What a row cannot do without, and what each source calls it. */
const needed: Readonly<Record<RemoteSource, (n: number) => Row>> = {
  ticketmaster: (n) => ({
    ...{ id: `t-${n}`, name: `Gig of ${n}` },
    dates: { start: { dateTime: `${day(n)}T19:00:00Z` } },
  }),
  bandsintown: (n) => ({
    ...{ id: `b-${n}`, title: `Gig of ${n}`, datetime: `${day(n)}T19:00:00` },
    venue: vicarStreet,
  }),
  eventbrite: (n) => ({
    ...{ id: `e-${n}`, name: { text: `Gig of ${n}` }, start: { utc: `${day(n)}T19:00:00Z` } },
    ...{ venue: { ...vicarStreet, address: { city: 'Dublin' } }, online_event: false },
  }),
  dice: (n) => ({
    ...{ id: `d-${n}`, name: `Gig of ${n}`, date: `${day(n)}T19:00:00Z`, city: 'Dublin' },
    ...{ latitude: 53.35, longitude: -6.26 },
  }),
};

/** What breaks a row: each takes something away without which there is no event. */
const breakages: Readonly<Record<RemoteSource, readonly Row[]>> = {
  ticketmaster: [{ id: '' }, { name: null }, { dates: { start: {} } }, { dates: 'soon' }],
  bandsintown: [{ id: null }, { datetime: 'soon', starts_at: 7 }, { venue: null }],
  eventbrite: [{ id: 7 }, { name: { text: ' ' } }, { start: { utc: 'soon' } }, { name: 'Gig' }],
  dice: [
    { id: null, eventId: null, slug: null, url: 'nowhere' },
    { name: '', title: [] },
    { date: null, datetime: null, startDate: {}, date_unix: -1, doorsOpenDate: 'now' },
  ],
};

interface Feed {
  readonly rows: readonly unknown[];
  readonly good: readonly string[];
}

/** Rows of which every third is broken, some of them no rows at all, with rubbish in all that is left. */
function feedOf(source: RemoteSource, seed: number): Feed {
  const dirty = fc.sample(rubbishIn(otherFields[source]), { numRuns: OF_EACH, seed });
  const good: string[] = [];
  const rows = dirty.map((rubbish, n) => {
    const fine = { ...rubbish, ...needed[source](n) };
    if (n % 3 !== 2) {
      good.push(String((fine as { id: string }).id));
      return fine;
    }
    if (n % 30 === 29) return [null, 7, 'row', []][((n - 29) / 30) % 4];
    const how = breakages[source];
    return { ...fine, ...how[((n - 2) / 3) % how.length] };
  });
  return { rows, good };
}

const pageOf = (rows: readonly unknown[], number: number, size = PAGE) =>
  rows.slice(number * size, (number + 1) * size);

/** Sources that send their rows as they are: they stand in for those that send believable ones. */
function serve(feeds: Readonly<Record<RemoteSource, Feed>>): StandIn[] {
  const answers: Readonly<Record<string, (call: Call) => Reply>> = {
    ticketmaster({ query }) {
      // Five cities of five hundred: of one no more than a thousand can be asked for.
      const cities = ['Dublin', 'Cork', 'Galway', 'Limerick', 'Sligo'];
      const rows = feeds.ticketmaster.rows.filter(
        (_, n) => n % cities.length === cities.indexOf(query.get('city') ?? ''),
      );
      const page = { totalElements: rows.length, totalPages: Math.ceil(rows.length / PAGE) };
      const events = pageOf(rows, Number(query.get('page') ?? 0));
      return { status: 200, body: { _embedded: { events }, page } };
    },
    bandsintown({ path }) {
      const number = /^\/artists\/Act(\d+)\//.exec(path)?.[1];
      return {
        status: 200,
        body: number ? pageOf(feeds.bandsintown.rows, Number(number), 50) : [],
      };
    },
    eventbrite({ query }) {
      const number = Number(query.get('continuation') ?? 0);
      const more = (number + 1) * PAGE < feeds.eventbrite.rows.length;
      const pagination = { has_more_items: more, continuation: String(number + 1) };
      return { status: 200, body: { pagination, events: pageOf(feeds.eventbrite.rows, number) } };
    },
    dice({ method, path, query }) {
      const run = {
        ...{ id: 'run', status: 'SUCCEEDED', startedAt: new Date().toISOString() },
        ...{ defaultDatasetId: 'set', defaultKeyValueStoreId: 'store' },
      };
      if (method === 'POST') return { status: 201, body: { data: run } };
      if (path.endsWith('/items')) {
        const [offset, limit] = [Number(query.get('offset')), Number(query.get('limit'))];
        return { status: 200, body: feeds.dice.rows.slice(offset, offset + limit) };
      }
      return { status: 200, body: { data: { items: [] } } };
    },
  };
  return Object.entries(answers).map(([name, answer]) => ({ name, answer }));
}

test('7.B-13 ingestion – 10,000 fuzzed rows of four sources, a third of them broken – keeps every good one and names the others', async (t) => {
  t.timeout(300_000);
  await forgetIngested(server());
  const seed = 20_261_204;
  const feeds = {
    ticketmaster: feedOf('ticketmaster', seed),
    bandsintown: feedOf('bandsintown', seed + 1),
    eventbrite: feedOf('eventbrite', seed + 2),
    dice: feedOf('dice', seed + 3),
  };
  const { run, rows, one, pass } = await startIngestion(t, server(), serve(feeds), {
    ...allSources,
    bandsintown: {
      ...allSources.bandsintown,
      artists: Array.from({ length: OF_EACH / 50 }, (_, n) => `Act${n}`),
    },
    eventbrite: { ...allSources.eventbrite, organizations: ['1'] },
    dice: { ...allSources.dice, cities: ['Dublin'] },
  });
  const good = Object.values(feeds).flatMap((feed) => feed.good);
  const all = 4 * OF_EACH;

  const first = await run();

  t.like(first, { failed: 0, events: good.length, bad: all - good.length, elsewhere: 0 });
  const kept = await rows<{ sourceId: string }>('SELECT source_id AS sourceId FROM event_sources');
  t.deepEqual(kept.map(({ sourceId }) => sourceId).toSorted(), good.toSorted());
  const whole = `SELECT COUNT(*) AS records, SUM(s.pending) AS pending, COUNT(e.id) AS events
    FROM event_sources s LEFT JOIN events e ON e.id = s.event_id AND e.withdrawn_at IS NULL`;
  t.deepEqual(await one(whole), { records: good.length, pending: '0', events: good.length });
  t.log(`${good.length} good rows of ${all} kept`);

  pass(25);
  t.like(await run(), { failed: 0, events: good.length, bad: all - good.length, changed: 0 });
  t.deepEqual(await one(whole), { records: good.length, pending: '0', events: good.length });
});
