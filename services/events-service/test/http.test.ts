import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { openDatabase } from '@whatsthecraic/platform/database';
import test, { type ExecutionContext } from 'ava';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { silentLog } from '../../platform/test/helpers/service.ts';
import { SourceError } from '../src/sources/errors.ts';
import { createAsk, type HttpOptions } from '../src/sources/http.ts';
import { createSourceStates } from '../src/store/source-states.ts';

const database = useDatabase(test);
const BEGIN = Date.UTC(2026, 11, 4, 20);
const DAY_MS = 86_400_000;

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const json =
  (body: unknown = { fine: true }): Answer =>
  (response) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
const refuse =
  (status: number, retryAfter?: string): Answer =>
  (response) => {
    if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
    response.writeHead(status).end('{}');
  };

/** A source on loopback that gives one answer after the other, the last one for ever, and a clock of the test's own. */
async function start(
  t: ExecutionContext,
  answers: readonly [Answer, ...Answer[]],
  options: Partial<Omit<HttpOptions, 'limits'>> & { limits?: Partial<HttpOptions['limits']> } = {},
) {
  let now = BEGIN;
  const starts: number[] = [];
  const server = createServer((request, response) => {
    starts.push(now);
    (answers[starts.length - 1] ?? answers.at(-1) ?? json())(response, request);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/?key=s3cret`);
  const ask = createAsk({
    countCall: async () => 1,
    now: () => now,
    sleep: async (ms) => {
      now += Math.ceil(ms);
    },
    ...options,
    limits: {
      ...{ perSecond: 4, perDay: 100, timeoutMs: 30_000, longestWaitMs: 30_000, freshMs: 0 },
      ...{ host: url.origin, doc: url.origin, ...options.limits },
    },
  });
  return {
    ...{ url, starts, ask },
    pass: (ms: number) => {
      now += ms;
    },
    failure: async (method: 'GET' | 'POST' = 'GET') =>
      (await t.throwsAsync(ask({ url, method }), { instanceOf: SourceError })) as SourceError,
  };
}

const gaps = (starts: readonly number[]) =>
  starts.slice(1).map((start, index) => start - (starts[index] ?? 0));

test('http – calls one after the other – start as far apart as the source wants, and at once after a rest', async (t) => {
  const { ask, url, starts, pass } = await start(t, [json()]);
  for (let n = 0; n < 4; n++) await ask({ url });
  pass(10_000);
  await ask({ url });

  t.deepEqual(gaps(starts), [250, 250, 250, 10_000]);
});

test('http – calls at once, by a real clock – wait for each other', async (t) => {
  const { ask, url, starts } = await start(t, [json()], {
    now: Date.now,
    sleep: (ms) => sleep(ms),
    limits: { perSecond: 25 },
  });
  const began = Date.now();
  await Promise.all(Array.from({ length: 6 }, () => ask({ url })));

  t.is(starts.length, 6);
  // The last one starts after five pauses of 40 ms, on a slow machine later.
  t.true(Date.now() - began >= 5 * 40);
});

test('http – counting that takes long for the first of two – does not bring their starts together', async (t) => {
  let counted = 0;
  let clock = (_ms: number) => {};
  const { ask, url, starts, pass } = await start(t, [json()], {
    countCall: async () => {
      counted += 1;
      if (counted === 1) clock(240);
      return counted;
    },
  });
  clock = pass;
  await ask({ url });
  await ask({ url });
  t.true(gaps(starts).every((gap) => gap >= 250));
});

test('http – Retry-After in seconds and as a date – is waited for, and never less than the own pause', async (t) => {
  for (const [header, least] of [
    ['7', 7_000],
    [new Date(BEGIN + 12_000).toUTCString(), 12_000],
    ['0', 1_000],
    [new Date(BEGIN - 60_000).toUTCString(), 1_000],
    ['soon', 1_000],
    [undefined, 1_000],
  ] as const) {
    for (const status of [429, 503]) {
      const { ask, url, starts } = await start(t, [refuse(status, header), json()]);
      t.deepEqual(await ask({ url }), { fine: true });
      const [waited = 0] = gaps(starts);
      t.true(waited >= least && waited < least + 1_000, `${header}: ${waited}`);
    }
  }
});

test('http – Retry-After beyond what a run waits – ends it at once, with the moment that was named', async (t) => {
  for (const [header, at] of [
    ['7200', BEGIN + 7_200_000],
    [new Date(BEGIN + 3_600_000).toUTCString(), BEGIN + 3_600_000],
    // Thirty years, or a slip of a digit: a week is enough.
    ['999999999', BEGIN + 7 * DAY_MS],
    ['Fri, 31 Dec 9999 23:59:59 GMT', BEGIN + 7 * DAY_MS],
  ] as const) {
    const { failure, starts } = await start(t, [refuse(429, header)]);
    const error = await failure();
    t.like(error, { code: 'SOURCE_BUSY', status: 429 });
    t.is(error.retryAt?.getTime(), at);
    t.is(starts.length, 1);
  }
});

test('http – a source that stays busy or away – is left after three calls; one that refuses, after one', async (t) => {
  for (const [status, code, calls] of [
    [429, 'SOURCE_BUSY', 3],
    [500, 'SOURCE_AWAY', 3],
    [400, 'SOURCE_REFUSES', 1],
    [401, 'SOURCE_REFUSES', 1],
  ] as const) {
    const { failure, starts } = await start(t, [refuse(status)]);
    t.like(await failure(), { code, status });
    t.is(starts.length, calls);
  }
  const { ask, url } = await start(t, [refuse(404)]);
  t.is(await ask({ url }), undefined);
});

test('http – what may have been done and paid for – is not asked for twice', async (t) => {
  const broken = await start(t, [(response) => response.destroy()]);
  t.like(await broken.failure('POST'), { code: 'SOURCE_AWAY' });
  t.is(broken.starts.length, 1);

  const busy = await start(t, [refuse(429), json()]);
  t.deepEqual(await busy.ask({ url: busy.url, method: 'POST', body: { a: 1 } }), { fine: true });
  t.is(busy.starts.length, 2);
});

test('http – no answer, and one that never ends – are given up', async (t) => {
  const silent: Answer = () => {};
  const endless: Answer = (response) => void response.writeHead(200).write('[');
  for (const answer of [silent, endless]) {
    const { failure, starts } = await start(t, [answer], { limits: { timeoutMs: 100 } });
    const error = await failure();
    t.is(error.code, 'SOURCE_AWAY');
    t.is((error.cause as Error).name, 'TimeoutError');
    t.is(starts.length, 3);
    t.notRegex(error.message, /s3cret/);
  }
});

test('http – answers that break off – are asked for again', async (t) => {
  const cut: Answer = (response) => {
    response.writeHead(200, { 'content-length': '100' }).write('{"fine":');
    setImmediate(() => response.destroy());
  };
  const { ask, url, starts } = await start(t, [cut, cut, json()]);
  t.deepEqual(await ask({ url }), { fine: true });
  t.is(starts.length, 3);
  const { failure } = await start(t, [cut]);
  t.like(await failure(), { code: 'SOURCE_AWAY' });
});

test('http – no JSON – is told in words, once; what is put before UTF-8 does no harm', async (t) => {
  for (const body of ['', '<html>', '{"a":', 'null x', '\u0000']) {
    const { failure, starts } = await start(t, [(response) => response.end(body)]);
    t.like(await failure(), { code: 'SOURCE_UNREADABLE', message: 'it sends no JSON' });
    t.is(starts.length, 1);
  }
  const { ask, url } = await start(t, [(response) => response.end('\uFEFF{"a":"é"}')]);
  t.deepEqual(await ask({ url }), { a: 'é' });
});

test('http – bodies without an end, plain or packed – are read to the bound and no further', async (t) => {
  const MiB = 1024 * 1024;
  let written = 0;
  const huge: Answer = (response) => {
    const chunk = Buffer.alloc(MiB, ' ');
    const more = () => {
      while (!response.destroyed && written < 400 * MiB) {
        written += MiB;
        if (!response.write(chunk)) return void response.once('drain', more);
      }
    };
    response.writeHead(200);
    more();
  };
  const plain = await start(t, [huge]);
  t.like(await plain.failure(), { code: 'SOURCE_UNREADABLE' });
  // What the kernel and the streams had taken up besides is little.
  t.true(written < 100 * MiB, `${written / MiB} MiB`);
  t.is(plain.starts.length, 1);

  const bomb = gzipSync(Buffer.alloc(64 * MiB, ' '));
  t.true(bomb.byteLength < MiB);
  const packed = await start(t, [
    (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
  ]);
  t.like(await packed.failure(), { code: 'SOURCE_UNREADABLE' });
});

test('http – led elsewhere – does not follow, so that no key does', async (t) => {
  let followed = 0;
  const elsewhere = await start(t, [
    (response, request) => {
      if (request.url === '/elsewhere') followed += 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
    },
  ]);
  t.like(await elsewhere.failure(), { code: 'SOURCE_AWAY' });
  t.is(followed, 0);
});

test('http – stopped while it waits – ends with the reason, and asks nothing more', async (t) => {
  const stop = new AbortController();
  const { ask, url, starts } = await start(t, [refuse(429, '20')], {
    signal: stop.signal,
    sleep: async () => {
      stop.abort(new Error('stopped by SIGTERM'));
      throw stop.signal.reason;
    },
  });
  await t.throwsAsync(ask({ url }), { message: 'stopped by SIGTERM' });
  t.is(starts.length, 1);
});

test('http – the calls of a day – are counted over runs and processes, and are new ones at midnight', async (t) => {
  const { config } = database();
  const process = () => {
    const pool = openDatabase({ config, log: silentLog('ingest'), connections: 1 });
    t.teardown(() => pool.close());
    return createSourceStates(pool);
  };
  const [one, other] = [process(), process()];
  let today = new Date(BEGIN);
  const options = (states: typeof one) => ({
    countCall: () => states.countCall('eventbrite', today),
    now: () => today.getTime(),
    sleep: async (ms: number) => {
      today = new Date(today.getTime() + Math.ceil(ms));
    },
    limits: { perDay: 3 },
  });
  const first = await start(t, [json()], options(one));
  const second = await start(t, [json()], options(other));

  await first.ask({ url: first.url });
  await second.ask({ url: second.url });
  await first.ask({ url: first.url });
  for (const { failure } of [first, second]) {
    const error = await failure();
    t.like(error, { code: 'SOURCE_BUSY', message: 'its 3 calls of today are used' });
    t.deepEqual(error.retryAt, new Date(Date.UTC(2026, 11, 5)));
  }
  t.is(first.starts.length + second.starts.length, 3);

  today = new Date(Date.UTC(2026, 11, 5));
  await second.ask({ url: second.url });
  t.is(second.starts.length, 2);
});
