import test from 'ava';
import { artistSearch } from '../../src/spotify/artists.ts';
import type { SpotifyClient } from '../../src/spotify/client.ts';
import { FakeSpotify } from './helpers/fake-spotify.ts';

const DAY_MS = 86_400_000;
const LONG = { deadlineMs: 60_000 };

/** `found`, `stale`, or the code of the problem. */
const ask = (
  client: SpotifyClient,
  q: string,
  wait: { deadlineMs: number; signal?: AbortSignal },
) =>
  client.get(artistSearch(q), wait).then(
    ({ isStale }) => (isStale ? 'stale' : 'found'),
    (error) => (error.name === 'AbortError' ? error.name : error.code),
  );

test('client – six calls at once, of which one takes a second – start 200 ms apart, one after the other', async (t) => {
  const spotify = new FakeSpotify();
  const client = spotify.client();
  spotify.replies.push({ status: 200, ms: 1_000, body: { artists: { items: [] } } });
  const answers = Array.from({ length: 6 }, (_, index) => ask(client, `act ${index}`, LONG));
  await spotify.clock.pass(100);
  t.deepEqual(client.stats(), {
    size: 0,
    validEntries: 0,
    expiredEntries: 0,
    queueLength: 5,
    isProcessing: true,
  });
  await spotify.clock.pass(5_000);

  t.deepEqual(new Set(await Promise.all(answers)), new Set(['found']));
  const [first = 0, ...later] = spotify.calls.map(({ at }) => at);
  t.deepEqual(
    later.map((at) => at - first),
    [200, 1_200, 1_400, 1_600, 1_800, 2_000],
  );
  t.deepEqual(client.stats(), {
    size: 6,
    validEntries: 6,
    expiredEntries: 0,
    queueLength: 0,
    isProcessing: false,
  });
});

test('client – a process held up just before a call – keeps its distance from the call itself', async (t) => {
  const spotify = new FakeSpotify();
  const client = spotify.client({
    fetch(request, init) {
      if (spotify.calls.length === 0) spotify.clock.holdUp(18);
      return spotify.fetch(request, init);
    },
  });
  const answer = ask(client, 'u2', LONG);
  await spotify.clock.pass(1_000);

  t.is(await answer, 'found');
  const [first = 0, second = 0] = spotify.calls.map(({ at }) => at);
  t.is(second - first, 200);
});

test('client – 429 again and again – tries after 1, 2, 5 and 10 s, then leaves it', async (t) => {
  const spotify = new FakeSpotify();
  const client = spotify.client();
  spotify.replies.push(...Array.from({ length: 5 }, () => ({ status: 429, ms: 0 })));
  const answer = ask(client, 'u2', LONG);
  await spotify.clock.pass(60_000);

  t.is(await answer, 'spotify_paused');
  const starts = spotify.lookups.map(({ at }) => at);
  t.deepEqual(
    starts.slice(1).map((at, index) => at - (starts[index] ?? 0)),
    [1_000, 2_000, 5_000, 10_000],
  );
});

test('7.C-7 client – Retry-After – is waited for to its end, when that is longer than the back-off', async (t) => {
  const spotify = new FakeSpotify();
  const client = spotify.client();
  spotify.replies.push(
    { status: 429, ms: 0, retryAfter: 7 },
    { status: 429, ms: 0, retryAfter: 0 },
  );
  const answer = ask(client, 'u2', LONG);
  await spotify.clock.pass(60_000);

  t.is(await answer, 'found');
  const [first = 0, second = 0, third = 0] = spotify.lookups.map(({ at }) => at);
  t.deepEqual([second - first, third - second], [7_000, 2_000]);
});

test('client – a used-up quota – is never asked again before an hour, whatever the deadline', async (t) => {
  const spotify = new FakeSpotify();
  const client = spotify.client();
  const body = { error: { status: 429, message: 'Too many requests', reason: 'QUOTA_EXCEEDED' } };
  spotify.replies.push({ status: 429, body });
  const answers = [ask(client, 'u2', { deadlineMs: DAY_MS })];
  await spotify.clock.pass(1_000);
  answers.push(ask(client, 'enya', LONG));
  await spotify.clock.pass(3_590_000);

  t.deepEqual(await Promise.all(answers), ['spotify_paused', 'spotify_paused']);
  t.is(spotify.lookups.length, 1);
});

test('7.C-7 client – the same lookup in any spelling, at once and for a day – is one call', async (t) => {
  const spotify = new FakeSpotify();
  const client = spotify.client();
  const at = [ask(client, 'U2', LONG), ask(client, 'u2', LONG), ask(client, 'u2', LONG)];
  await spotify.clock.pass(1_000);
  t.deepEqual(await Promise.all(at), ['found', 'found', 'found']);
  await spotify.clock.pass(DAY_MS - 10_000);
  t.is(await ask(client, 'u2', LONG), 'found');
  t.is(spotify.lookups.length, 1);

  await spotify.clock.pass(20_000);
  const later = ask(client, 'u2', LONG);
  await spotify.clock.pass(1_000);
  t.is(await later, 'found');
  t.is(spotify.lookups.length, 2);
});

test('7.C-7 client – its token – serves until shortly before it expires, and is renewed once for many', async (t) => {
  const spotify = new FakeSpotify();
  const client = spotify.client();
  for (const seconds of [0, 1_000, 3_500, 3_600]) {
    await spotify.clock.pass(1_000 + seconds * 1_000 - spotify.clock.now());
    const answers = ['a', 'b', 'c'].map((it) => ask(client, `${it} ${seconds}`, LONG));
    await spotify.clock.pass(3_000);
    t.deepEqual(await Promise.all(answers), ['found', 'found', 'found']);
  }

  t.is(spotify.calls.filter(({ isToken }) => isToken).length, 2);
});

test('7.C-7 client – a token rejected early – is renewed once; rejected again, Spotify is left alone for a minute', async (t) => {
  const spotify = new FakeSpotify();
  const client = spotify.client();
  spotify.replies.push({ status: 401 });
  const renewed = ask(client, 'u2', LONG);
  await spotify.clock.pass(2_000);
  t.is(await renewed, 'found');
  t.deepEqual(
    spotify.calls.map(({ isToken }) => isToken),
    [true, false, true, false],
  );

  spotify.replies.push({ status: 401 }, { status: 401 });
  const refused = ask(client, 'enya', LONG);
  await spotify.clock.pass(2_000);
  t.is(await refused, 'spotify_refuses_us');
  const { length } = spotify.calls;
  t.is(await ask(client, 'hozier', LONG), 'spotify_refuses_us');
  t.is(spotify.calls.length, length);
  await spotify.clock.pass(60_000);
  const again = ask(client, 'hozier', LONG);
  await spotify.clock.pass(2_000);
  t.is(await again, 'found');
});

test('client – a failure or a penalty, when an answer of yesterday is there – gives that, and says so', async (t) => {
  const spotify = new FakeSpotify();
  const client = spotify.client();
  const first = ask(client, 'u2', LONG);
  await spotify.clock.pass(DAY_MS + 1_000);
  t.is(await first, 'found');
  t.is(client.stats().expiredEntries, 1);

  spotify.replies.push(
    { status: 500 },
    { status: 200, body: 'nonsense' },
    { status: 429, retryAfter: 600 },
  );
  for (let i = 0; i < 3; i++) {
    const stale = ask(client, 'u2', { deadlineMs: 3_000 });
    await spotify.clock.pass(3_000);
    t.is(await stale, 'stale');
  }
  t.is(await ask(client, 'u2', { deadlineMs: 3_000 }), 'stale');
  t.is(await ask(client, 'enya', { deadlineMs: 3_000 }), 'spotify_paused');
  t.is(spotify.lookups.length, 4);

  await spotify.clock.pass(DAY_MS);
  client.sweep();
  t.is(client.stats().size, 0);
});

test('client – an endpoint that Spotify has withdrawn – is remembered as gone for an hour', async (t) => {
  for (const status of [403, 404, 410]) {
    const spotify = new FakeSpotify();
    const client = spotify.client();
    spotify.replies.push({ status });
    const gone = ask(client, 'u2', LONG);
    await spotify.clock.pass(1_000);
    t.is(await gone, 'spotify_withdrawn');

    t.is(await ask(client, 'enya', LONG), 'spotify_withdrawn');
    await spotify.clock.pass(3_590_000);
    t.is(await ask(client, 'enya', LONG), 'spotify_withdrawn');
    t.is(spotify.lookups.length, 1);

    // It may have been an error of theirs: one call an hour finds out.
    await spotify.clock.pass(10_000);
    const back = ask(client, 'enya', LONG);
    await spotify.clock.pass(1_000);
    t.is(await back, 'found');
  }
});

test('7.C-5 client – a full line – refuses at once; who leaves makes room, and is never asked for', async (t) => {
  const spotify = new FakeSpotify();
  const client = spotify.client({ longestLine: 2 });
  spotify.tokenReplies.push({ status: 500, ms: 4_000 });
  const leaving = new AbortController();
  const first = ask(client, 'first', LONG);
  const second = ask(client, 'second', { ...LONG, signal: leaving.signal });
  const third = ask(client, 'third', LONG);
  await spotify.clock.pass(10);
  t.is(await ask(client, 'fourth', LONG), 'upstream_busy');
  leaving.abort();
  t.is(await second, 'AbortError');
  const fifth = ask(client, 'fifth', LONG);
  await spotify.clock.pass(6_000);

  t.is(await first, 'upstream_unavailable');
  t.deepEqual([await third, await fifth], ['found', 'found']);
  t.deepEqual(
    spotify.lookups.map(({ url }) => new URL(url).searchParams.get('q')),
    ['third', 'fifth'],
  );
});

test('client – a caller who leaves while others wait, or after the call began – costs nobody the answer', async (t) => {
  const spotify = new FakeSpotify();
  const client = spotify.client();
  const leaving = new AbortController();
  const left = ask(client, 'u2', { ...LONG, signal: leaving.signal });
  const stays = ask(client, 'u2', LONG);
  leaving.abort();
  await spotify.clock.pass(1_000);
  t.deepEqual([await left, await stays], ['AbortError', 'found']);

  const late = ask(client, 'enya', { deadlineMs: 20 });
  await spotify.clock.pass(1_000);
  t.is(await late, 'upstream_timeout');
  t.is(await ask(client, 'enya', { deadlineMs: 20 }), 'found');
});

test('client – closed – ends what waits, calls nothing more and takes nothing new', async (t) => {
  const spotify = new FakeSpotify();
  const client = spotify.client();
  const answers = [ask(client, 'u2', LONG), ask(client, 'enya', LONG)];
  await spotify.clock.pass(220);
  await client.close();

  t.deepEqual(await Promise.all(answers), ['upstream_unavailable', 'upstream_unavailable']);
  const { length } = spotify.calls;
  t.is(await ask(client, 'hozier', LONG), 'upstream_unavailable');
  await spotify.clock.pass(5_000);
  t.is(spotify.calls.length, length);
});

test('client – a database that does not answer about the penalty – is waited for a second and no longer', async (t) => {
  const spotify = new FakeSpotify();
  const never = () => new Promise<never>(() => {});
  const client = spotify.client({ penalty: { left: never, extend: never } });
  const answer = ask(client, 'u2', { deadlineMs: 3_000 });
  await spotify.clock.pass(3_000);

  t.is(await answer, 'found');
});
