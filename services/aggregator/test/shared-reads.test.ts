import { once } from 'node:events';
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Upstream } from '@whatsthecraic/platform/upstream/upstream';
import test from 'ava';
import { until } from '../../platform/test/helpers/start.ts';
import { createSharedReads } from '../src/domain/shared-reads.ts';
import { sendJson, startAggregator, startUpstream } from './helpers/upstream.ts';

const forAll = { 'cache-control': 'public, max-age=60', etag: '"1"' };

test('domain C-11 – 20 callers of one list at once – are one question to the service behind', async (t) => {
  const upstream = await startUpstream(t, (req, res) => {
    setTimeout(() => sendJson({ n: 1 }, 200, forAll)(req, res), 100);
  });
  const { url } = await startAggregator(t, { dj: upstream.url });

  const answers = await Promise.all(
    Array.from({ length: 20 }, async () => (await fetch(`${url}/djs`)).json()),
  );

  t.deepEqual(answers, Array(20).fill({ n: 1 }));
  t.is(upstream.seen.length, 1);
  await fetch(`${url}/djs?limit=5`);
  t.is(upstream.seen.length, 2, 'another question is asked');
});

test('shared reads – who names itself, or wants it fresh – is not given what is kept', async (t) => {
  const upstream = await startUpstream(t, sendJson({}, 200, forAll));
  const { url } = await startAggregator(t, { dj: upstream.url });
  const ask = async (headers: Record<string, string> = {}) => {
    await (await fetch(`${url}/djs/1`, { headers })).text();
    return upstream.seen.length;
  };

  t.is(await ask(), 1);
  t.is(await ask(), 1);
  t.is(await ask({ authorization: 'Bearer a' }), 2);
  t.is(await ask({ 'cache-control': 'no-cache' }), 3);
});

test('shared reads – an answer not for all, or a problem – is kept for nobody', async (t) => {
  const answers = [
    sendJson({}, 200, { 'cache-control': 'private, max-age=60' }),
    sendJson({}, 200, { 'cache-control': 'no-store' }),
    sendJson({}, 200, { ...forAll, vary: 'accept-language' }),
    sendJson({}, 404, forAll),
    sendJson({}, 503, forAll),
  ];
  for (const answer of answers) {
    const upstream = await startUpstream(t, answer);
    const { url } = await startAggregator(t, { venue: upstream.url });
    await (await fetch(`${url}/venues`)).text();
    await (await fetch(`${url}/venues`)).text();
    t.is(upstream.seen.length, 2);
  }
});

test('shared reads – a change through the gateway – is seen by the next reader', async (t) => {
  let name = 'Before';
  const upstream = await startUpstream(t, (req, res) => {
    if (req.method === 'PATCH') name = 'After';
    sendJson({ name }, 200, req.method === 'GET' ? forAll : {})(req, res);
  });
  const { url } = await startAggregator(t, { dj: upstream.url });
  const read = async () => (await fetch(`${url}/djs/1`)).json();
  t.deepEqual(await read(), { name: 'Before' });

  await fetch(`${url}/djs/1`, { method: 'PATCH', body: '{}' });

  t.deepEqual(await read(), { name: 'After' });
});

test('shared reads – a tag that the caller has – is answered without a body', async (t) => {
  const upstream = await startUpstream(t, sendJson({ n: 1 }, 200, forAll));
  const { url } = await startAggregator(t, { dj: upstream.url });
  const first = await fetch(`${url}/djs`);
  const etag = first.headers.get('etag') ?? '';
  await first.text();

  // fetch would say no-cache with a tag of the caller's own, as browsers do.
  const [again] = await once(get(`${url}/djs`, { headers: { 'if-none-match': etag } }), 'response');

  t.is(again.statusCode, 304);
  t.is(again.headers.etag, etag.replace('W/', ''), 'strong, since nothing was compressed');
  t.is(upstream.seen[0]?.headers['if-none-match'], undefined, 'the service is asked for all of it');
  t.is(upstream.seen.length, 1);
});

/** The gateway's memory on its own, with a clock of the test's. */
async function keep(t: Parameters<typeof startUpstream>[0]) {
  let n = 0;
  const clock = { now: 0 };
  const body = async function* () {
    yield Buffer.from(String(n));
  };
  const upstream: Upstream = {
    name: 'x',
    async send() {
      n += 1;
      await sleep(5);
      const headers = { 'cache-control': 'public, max-age=15' };
      return { status: 200, headers, body: body() as never };
    },
    close: async () => {},
  };
  const reads = createSharedReads({ now: () => clock.now });
  const read = async () => {
    const { body: text, age } = await reads.read({ upstream, path: '/', headers: {} });
    return `${text} of ${age}`;
  };
  t.is(await read(), '1 of 0');
  return { read, clock, asked: () => n };
}

test('shared reads – past its freshness – is given once more while a newer one is fetched', async (t) => {
  const { read, clock, asked } = await keep(t);

  clock.now = 4_900;
  t.is(await read(), '1 of 4');
  t.is(asked(), 1);
  clock.now = 9_000;
  t.is(await read(), '1 of 9', 'stale, at once');
  await until(() => asked() === 2);
  await sleep(20);
  t.is(await read(), '2 of 0');
});

test('shared reads – past what the service allows – is fetched, never given', async (t) => {
  const { read, clock } = await keep(t);

  clock.now = 15_001;

  t.is(await read(), '2 of 0');
});

test('shared reads – many different questions – keep to a bound of memory', async (t) => {
  const upstream = await startUpstream(t, sendJson({ text: 'x'.repeat(1_000_000) }, 200, forAll));
  const { url } = await startAggregator(t, { dj: upstream.url });
  const ask = async (n: number) => void (await (await fetch(`${url}/djs?limit=${n}`)).text());
  for (let n = 1; n <= 30; n++) await ask(n);

  await ask(30);
  t.is(upstream.seen.length, 30, 'the last is kept');
  await ask(1);
  t.is(upstream.seen.length, 31, 'the first has made room');
});
