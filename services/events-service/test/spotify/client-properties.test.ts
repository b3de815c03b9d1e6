import test from 'ava';
import fc from 'fast-check';
import { FakeClock } from '../../../platform/test/spotify/helpers/fake-clock.ts';
import { artistSearch } from '../../src/spotify/artists.ts';
import { FakeSpotify, type Reply } from './helpers/fake-spotify.ts';

const DAY_MS = 86_400_000;
const MOST_PENALTY_MS = 20_000;

const reply: fc.Arbitrary<Reply> = fc
  .oneof(
    {
      weight: 4,
      arbitrary: fc.record({ status: fc.constant(200), ms: fc.integer({ min: 0, max: 900 }) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ status: fc.constant(429), retryAfter: fc.constantFrom(0, 1, 3, 20) }),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Reply>({ status: 401 }, { status: 500 }, { status: 429 }),
    },
    { weight: 1, arbitrary: fc.constant<Reply>({ status: 200, ms: 60_000 }) },
  )
  .map((it) => (it.status === 200 ? { ...it, body: { artists: { items: [] } } } : it));

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('call' as const),
      q: fc.constantFrom('u2', 'enya', 'imelda may', 'hozier'),
      deadlineMs: fc.constantFrom(50, 400, 3_000, 30_000),
      leavesAfterMs: fc.option(fc.integer({ min: 0, max: 2_000 })),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.integer({ min: 0, max: 4_000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('jump' as const),
      ms: fc.constantFrom(250, 6_000, DAY_MS + 1),
    }),
  },
);

test('client – any calls, 429s, leavings and jumps of time – keeps its distance, its line and its word', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.array(reply, { maxLength: 25 }),
      async (steps, replies) => {
        const spotify = new FakeSpotify();
        const { clock } = spotify;
        spotify.replies.push(...replies);
        const client = spotify.client();
        const jumps: { from: number; to: number }[] = [];
        const waits: { by: number; settledAt?: number }[] = [];

        for (const it of steps) {
          if (it.do === 'pass') await clock.pass(it.ms);
          else if (it.do === 'jump') {
            const from = clock.now();
            await clock.jump(it.ms);
            jumps.push({ from, to: clock.now() });
          } else {
            const leaving = new AbortController();
            const { deadlineMs, leavesAfterMs } = it;
            const signal = leaving.signal;
            const wait: (typeof waits)[number] = {
              by: clock.now() + Math.min(deadlineMs, leavesAfterMs ?? deadlineMs),
            };
            waits.push(wait);
            const settled = () => {
              wait.settledAt = clock.now();
            };
            client.get(artistSearch(it.q), { deadlineMs, signal }).then(settled, settled);
            if (leavesAfterMs !== null) clock.sleep(leavesAfterMs).then(() => leaving.abort());
          }
        }
        await clock.pass(60_000);

        const { calls } = spotify;
        for (const [index, { at }] of calls.entries()) {
          const before = calls[index - 1];
          if (before) t.true(at - before.at >= 200, `starts ${before.at} and ${at}`);
        }
        t.true(spotify.mostInFlight <= 1);
        for (const { endedAt, reply } of calls) {
          if (reply.status !== 429) continue;
          const until = endedAt + Math.max(1_000, (reply.retryAfter ?? 0) * 1_000);
          t.false(
            calls.some(({ at }) => at >= endedAt && at < until),
            'called while closed',
          );
        }
        for (const { by, settledAt = Infinity } of waits) {
          const frozen = jumps.find(({ from, to }) => by >= from && by < to);
          t.true(settledAt <= (frozen?.to ?? by), `settled at ${settledAt}, due by ${by}`);
        }
        const answered = new Map<string, number>();
        for (const { url, at, endedAt, reply, isToken } of calls) {
          if (isToken || reply.status !== 200 || (reply.ms ?? 0) > 5_000) continue;
          t.true(at - (answered.get(url) ?? -DAY_MS) >= DAY_MS, `${url} was asked twice in a day`);
          answered.set(url, endedAt);
        }
        const { queueLength, isProcessing } = client.stats();
        t.deepEqual({ queueLength, isProcessing }, { queueLength: 0, isProcessing: false });
      },
    ),
    { numRuns: 100 },
  );
});

const sharedStep = fc.record({
  client: fc.integer({ min: 0, max: 2 }),
  q: fc.constantFrom('u2', 'enya', 'imelda may', 'hozier'),
  deadlineMs: fc.constantFrom(400, 3_000, 30_000),
  passMs: fc.integer({ min: 0, max: 1_500 }),
});

test('clients – three that share a penalty, with any calls and 429s – make none while one of them was told to wait', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(sharedStep, { minLength: 5, maxLength: 40 }),
      fc.array(reply, { maxLength: 25 }),
      async (steps, replies) => {
        const clock = new FakeClock();
        let closedUntil = 0;
        const penalty = {
          left: async () => Math.max(0, closedUntil - clock.now()),
          extend: async (ms: number) => {
            closedUntil = Math.max(closedUntil, clock.now() + ms);
          },
        };
        const ways = [0, 1, 2].map(() => {
          const spotify = new FakeSpotify(clock);
          // Whoever asks next gets the next reply.
          spotify.replies = replies;
          return { spotify, client: spotify.client({ penalty }) };
        });
        for (const { client, q, deadlineMs, passMs } of steps) {
          ways[client]?.client.get(artistSearch(q), { deadlineMs }).catch(() => {});
          await clock.pass(passMs);
        }
        await clock.pass(60_000);

        const calls = ways.flatMap(({ spotify }) => spotify.calls);
        for (const { endedAt, reply } of calls) {
          if (reply.status !== 429) continue;
          const until = endedAt + Math.max(1_000, (reply.retryAfter ?? 0) * 1_000);
          // One that began in the same moment could not know of it.
          const early = calls.filter(({ at }) => at > endedAt && at < until);
          t.deepEqual(early, [], `closed from ${endedAt} to ${until}`);
        }
        t.true(ways.every(({ spotify }) => spotify.mostInFlight <= 1));
      },
    ),
    { numRuns: 100 },
  );
});

test('client – a penalty of 24 hours – makes no call at all until it is over, then goes on', async (t) => {
  const spotify = new FakeSpotify();
  const { clock } = spotify;
  const client = spotify.client();
  const ask = (q: string) =>
    client.get(artistSearch(q), { deadlineMs: 3_000 }).then(
      () => 'found',
      (e) => e.code,
    );
  const first = ask('u2');
  await clock.pass(1_000);
  t.is(await first, 'found');

  spotify.replies.push({ status: 429, retryAfter: DAY_MS / 1_000 });
  const refused = ask('enya');
  await clock.pass(1_000);
  t.is(await refused, 'spotify_paused');
  const callsBefore = spotify.calls.length;
  const penaltyEnds = clock.now() + DAY_MS - 1_000;
  const seen: string[] = [];
  while (clock.now() < penaltyEnds - MOST_PENALTY_MS) {
    const answers = [ask('u2'), ask('enya'), ask(`other ${clock.now()}`)];
    await clock.pass(600_000);
    seen.push(...(await Promise.all(answers)));
  }

  t.is(spotify.calls.length, callsBefore);
  t.deepEqual(new Set(seen.filter((_, index) => index % 3 === 0)), new Set(['found']));
  t.deepEqual(new Set(seen.filter((_, index) => index % 3 !== 0)), new Set(['spotify_paused']));
  await clock.pass(MOST_PENALTY_MS + 600_000);
  const after = ask('enya');
  await clock.pass(3_000);
  t.is(await after, 'found');
});
