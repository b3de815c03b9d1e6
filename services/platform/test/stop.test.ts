import { Agent, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import test from 'ava';
import { z } from 'zod';
import { bindRoutes, type Contract } from '../src/route.ts';
import { start, until } from './helpers/start.ts';

const contract = {
  work: {
    method: 'get',
    path: '/work',
    summary: 'Works a little',
    auth: 'public',
    response: { status: 200, body: z.object({ done: z.boolean() }) },
  },
  hang: {
    method: 'get',
    path: '/hang',
    summary: 'Never ends',
    auth: 'public',
    response: { status: 200, body: z.object({}) },
  },
} as const satisfies Contract;

const routes = bindRoutes(contract, {
  work: () =>
    new Promise((resolve) => setTimeout(() => resolve({ done: true }), Math.random() * 40)),
  hang: () => new Promise(() => {}),
});

interface Counts {
  answered: number;
  dropped: number;
}

/** Asks again and again on one kept connection until told to use it no more, as a proxy would. */
async function askUntilTold(url: string, counts: Counts): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let told = false; !told; ) {
    told = await new Promise<boolean>((resolve) => {
      const drop = () => {
        counts.dropped += 1;
        resolve(true);
      };
      const answer = (res: IncomingMessage) => {
        res.resume().once('error', drop);
        res.once('end', () => {
          counts.answered += 1;
          resolve(res.headers.connection === 'close');
        });
      };
      get(url, { agent }, answer).once('error', drop);
    });
  }
  agent.destroy();
}

test('stop – 32 busy kept connections – not one request is dropped', async (t) => {
  const { url, server } = await start(t, { routes, config: { drainMs: 300 } });
  const counts: Counts = { answered: 0, dropped: 0 };
  const clients = Array.from({ length: 32 }, () => askUntilTold(`${url}/work`, counts));
  await until(() => counts.answered > 200);

  const startedAt = performance.now();
  const inTime = await server.stop();
  const took = performance.now() - startedAt;
  await Promise.all(clients);

  t.true(inTime);
  t.is(counts.dropped, 0);
  t.true(took < 1_000, `took ${took} ms`);
});

test('stop – a request that never ends – is cut at the deadline and told', async (t) => {
  const { url, server, lines } = await start(t, { routes, config: { stopDeadlineMs: 200 } });
  const hanging = t.throwsAsync(fetch(`${url}/hang`));
  await until(async () => (await fetch(`${url}/livez`)).ok);
  await new Promise((resolve) => setTimeout(resolve, 50));

  t.false(await server.stop());

  await hanging;
  t.like(
    lines.find(({ msg }) => msg === 'stopped'),
    { inTime: false },
  );
});

test('stop – twice – is one stop', async (t) => {
  const { server } = await start(t, { routes });

  t.is(server.stop(), server.stop());
  t.true(await server.stop());
});

test('stop – an idle kept connection – does not hold it up', async (t) => {
  const { server } = await start(t, { routes });
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
  await new Promise((resolve) => socket.once('data', resolve));

  const startedAt = performance.now();
  t.true(await server.stop());
  // Long before the deadline of a stop.
  t.true(performance.now() - startedAt < 5_000);
});
