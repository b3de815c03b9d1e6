import test from 'ava';
import { until } from '../../platform/test/helpers/start.ts';
import { publishedRoutes } from '../src/contract.ts';
import { type Asked, askEveryRoute, nameOf } from './helpers/every-route.ts';
import { faults, startFaulty } from './helpers/faulty.ts';
import { sendJson, startAggregator, startUpstream } from './helpers/upstream.ts';

const DEADLINE_MS = 1_500;
const REST_MS = 700;
/** To each of the five one is sent ahead after a rest, and on a busy machine a second one. */
const MOST_AHEAD = 10;
/** Beyond the deadline: a busy machine that asks a hundred routes at once. */
const SLACK_MS = 3_000;

const emptyPage = { events: [], nextCursor: null, hasMore: false };
const summary = (all: readonly Asked[]) =>
  [...Map.groupBy(all, ({ status, code }) => `${status} ${code ?? ''}`)]
    .map(([answer, { length }]) => `${length} × ${answer.trim()}`)
    .join(', ');

for (const { what, fault, status } of faults) {
  test.serial(
    `faults – every upstream ${what} – every route says so in time, then at once, and answers again without a restart`,
    async (t) => {
      const good = await startUpstream(t, sendJson(emptyPage));
      const { url: bad, heal } = await startFaulty(t, fault, good.url);
      const all = { auth: bad, events: bad, dj: bad, venue: bad, ml: bad };
      const limits = { deadlineMs: DEADLINE_MS, restMs: REST_MS };
      const { url } = await startAggregator(t, all, limits);

      const first = await askEveryRoute({ url });
      for (const asked of first) {
        const told = `${nameOf(asked)}: ${asked.status} ${asked.code} after ${Math.round(asked.ms)} ms`;
        // What is already on its way to a caller can only be broken off, and reads as nothing.
        const brokenOff = what.startsWith('breaks off') && asked.status === 200 && !asked.code;
        t.true(brokenOff || asked.status === status, told);
        t.true(asked.ms < DEADLINE_MS + SLACK_MS, told);
      }
      const composed = (await fetch(`${url}/api/gigs`)).status;
      t.true(composed === 502 || composed === 504, 'what is composed here too');

      const resting = await askEveryRoute({ url });
      const waited = resting.filter(
        (it) => it.code !== 'upstream_unavailable' || it.ms > DEADLINE_MS,
      );
      t.true(waited.length <= MOST_AHEAD, `who waits for what rests: ${waited.map(nameOf)}`);
      t.is((await fetch(`${url}/livez`)).status, 200);
      t.is((await fetch(url)).status, 200, 'the front page says what it lacks');

      heal();
      const since = performance.now();
      const one = publishedRoutes.filter(
        ({ upstream }, n) => publishedRoutes.findIndex((it) => it.upstream === upstream) === n,
      );
      await until(
        async () => (await askEveryRoute({ url, routes: one })).every((it) => it.status === 200),
        10_000,
      );
      const ms = Math.round(performance.now() - since);
      // One after the other: a hundred at once can take a slow machine beyond the short deadline.
      for (const route of publishedRoutes) {
        const [asked] = await askEveryRoute({ url, routes: [route] });
        t.is(asked?.status, 200, `${route.outer.method} ${route.outer.path}`);
      }
      t.log(
        `${first.length} routes: ${summary(first)}; then ${summary(resting)}; back after ${ms} ms`,
      );
    },
  );
}

test.serial('faults – every upstream slow – every route answers, as late as it', async (t) => {
  const slow = await startUpstream(
    t,
    (req, res) => void setTimeout(() => sendJson(emptyPage)(req, res), 200),
  );
  const all = { auth: slow.url, events: slow.url, dj: slow.url, venue: slow.url, ml: slow.url };
  const { url } = await startAggregator(t, all, { deadlineMs: 8_000, restMs: REST_MS });

  const asked = await askEveryRoute({ url });

  for (const it of asked) t.is(it.status, 200, `${nameOf(it)}: ${it.code}`);
  t.true(asked.every(({ ms }) => ms >= 190));
});

test.serial(
  'faults – every upstream answers garbage as JSON – what is composed here is refused, what is passed on is passed',
  async (t) => {
    const mad = await startUpstream(t, (_req, res) => {
      res.writeHead(200, { 'content-type': 'application/json' });
      res.end('{"events": [[[');
    });
    const all = { auth: mad.url, events: mad.url, dj: mad.url, venue: mad.url, ml: mad.url };
    const { url } = await startAggregator(t, all);

    const gigs = await fetch(`${url}/api/gigs`);
    const page = await fetch(url);

    t.deepEqual(
      [gigs.status, ((await gigs.json()) as { code: string }).code],
      [502, 'upstream_garbage'],
    );
    t.is(page.status, 200);
    for (const asked of await askEveryRoute({ url })) t.is(asked.status, 200, nameOf(asked));
  },
);
