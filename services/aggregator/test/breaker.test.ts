import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { createBreaker } from '@whatsthecraic/platform/upstream/breaker';
import test, { type ExecutionContext } from 'ava';
import { until } from '../../platform/test/helpers/start.ts';
import { sendJson, startAggregator, startUpstream } from './helpers/upstream.ts';

test('breaker – failures in a row – rest it, then one goes ahead and decides for all', (t) => {
  const clock = { now: 0 };
  const breaker = createBreaker({ restMs: 100, failures: 3, now: () => clock.now });
  const fail = () => {
    t.true(breaker.enter());
    breaker.fail();
  };
  fail();
  fail();
  breaker.succeed();
  for (let n = 0; n < 3; n++) fail();
  t.false(breaker.enter());

  clock.now = 101;
  t.true(breaker.enter(), 'one goes ahead');
  t.false(breaker.enter(), 'the others wait for it');
  breaker.fail();
  clock.now = 150;
  t.false(breaker.enter());
  clock.now = 202;
  t.true(breaker.enter());
  breaker.leave();
  t.true(breaker.enter(), 'one that left decides nothing');
  breaker.succeed();
  t.true(breaker.enter() && breaker.enter());
});

type Fault = (socket: Socket) => void;

/** What a service can do to its gateway, on the wire. */
const faults: readonly { what: string; fault: Fault; status: number }[] = [
  { what: 'never answers', fault: () => {}, status: 504 },
  {
    what: 'resets',
    fault: (socket) => void socket.once('data', () => socket.resetAndDestroy()),
    status: 502,
  },
  {
    what: 'closes without a word',
    fault: (socket) => void socket.once('data', () => socket.end()),
    status: 502,
  },
  {
    what: 'speaks no HTTP',
    fault: (socket) => void socket.once('data', () => socket.end('+OK POP3 ready\r\n')),
    status: 502,
  },
  {
    what: 'breaks off in the middle',
    fault: (socket) =>
      void socket.once('data', () => {
        socket.write(
          'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 999\r\n\r\n{"a"',
        );
        setTimeout(() => socket.destroy(), 20);
      }),
    status: 502,
  },
  {
    what: 'drips a header a second',
    fault: (socket) =>
      void socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\n');
        const timer = setInterval(() => socket.write('x-a: b\r\n'), 100);
        socket.once('close', () => clearInterval(timer));
      }),
    status: 504,
  },
];

/** A service that first fails in its way, then, on the same port, answers. */
async function startFaulty(t: ExecutionContext, fault: Fault) {
  const state = { faulty: true };
  const good = await startUpstream(t, sendJson({ djs: [] }));
  const goodPort = Number(new URL(good.url).port);
  const { connect } = await import('node:net');
  const server = createServer((socket) => {
    socket.on('error', () => {});
    if (state.faulty) {
      fault(socket);
      return;
    }
    const through = connect(goodPort, '127.0.0.1');
    through.on('error', () => socket.destroy());
    socket.pipe(through).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, state };
}

for (const { what, fault, status } of faults) {
  test.serial(
    `faults – a service that ${what} – costs its own routes a deadline, then nothing, and comes back`,
    async (t) => {
      const { url: dj, state } = await startFaulty(t, fault);
      const venue = await startUpstream(t, sendJson({ venues: [] }));
      const limits = { deadlineMs: 1_500, restMs: 700 };
      const { url } = await startAggregator(t, { dj, venue: venue.url }, limits);
      const ask = async (path: string) => {
        const startedAt = performance.now();
        const answer = await fetch(url + path, { signal: AbortSignal.timeout(10_000) });
        const { code } = (await answer.json()) as { code?: string };
        return { status: answer.status, code, ms: performance.now() - startedAt };
      };

      for (let n = 0; n < 5; n++) {
        const answer = await ask('/djs');
        t.is(answer.status, status, answer.code);
        t.true(answer.ms < 5_000, `${answer.ms} ms`);
      }
      const resting = await ask('/djs/7');
      t.is(resting.status, 502);
      t.true(resting.ms < 600, `${resting.ms} ms`);
      t.is((await ask('/venues')).status, 200, 'the others answer as ever');

      state.faulty = false;
      const since = performance.now();
      await until(async () => (await ask('/djs')).status === 200);
      t.log(
        `${what}: ${status}, then 502 at once; back after ${Math.round(performance.now() - since)} ms`,
      );
    },
  );
}
