import test from 'ava';
import { z } from 'zod';
import { bindRoutes, type Contract } from '../src/route.ts';
import { warmUpPaths } from '../src/warm-up.ts';
import { start, until } from './helpers/start.ts';

const get = { method: 'get', summary: 'One', auth: 'public' } as const;
const response = { status: 200, body: z.object({}) };
const contract = {
  list: {
    ...get,
    path: '/things',
    response,
    request: { query: z.object({ q: z.string().optional() }) },
  },
  one: { ...get, path: '/things/:id', response },
  near: { ...get, path: '/near', response, request: { query: z.object({ place: z.string() }) } },
  mine: { ...get, path: '/mine', response, auth: 'user' },
  make: { ...get, path: '/make', response, method: 'post' },
} as const satisfies Contract;

const routesThat = (answer: () => Promise<Record<string, never>>) =>
  bindRoutes(contract, { list: answer, one: answer, near: answer, mine: answer, make: answer });

const verifyToken = () => ({ id: 1, role: 'user' }) as const;

test('warmUpPaths – a contract – are what anyone may read without saying more', (t) => {
  t.deepEqual(warmUpPaths(routesThat(async () => ({}))), ['/things']);
});

test('warm-up – a service that starts – asks itself first, then is ready, and counts none of it', async (t) => {
  let asked = 0;
  const routes = routesThat(async () => {
    asked += 1;
    return {};
  });
  const config = { warmUpRequests: 40 };

  const { url, metricsUrl, lines } = await start(t, {
    routes,
    config,
    warmUpPaths: ['/things'],
    verifyToken,
  });
  const early = (await fetch(`${url}/readyz`)).status;
  await until(async () => (await fetch(`${url}/readyz`)).ok);

  t.is(early, 503);
  t.is(asked, 40);
  t.deepEqual(
    lines.filter(({ msg }) => msg === 'request'),
    [],
  );
  t.like(
    lines.find(({ msg }) => msg === 'warmed up'),
    { asked: 40, failed: false },
  );
  t.notRegex(
    await (await fetch(`${metricsUrl}/metrics`)).text(),
    /http_request_duration_seconds_count\{/,
  );
  await fetch(`${url}/things`);
  t.is(lines.filter(({ msg }) => msg === 'request').length, 1);
});

test('warm-up – a failing answer – ends it, and the service is ready all the same', async (t) => {
  let asked = 0;
  const routes = routesThat(async () => {
    asked += 1;
    throw new Error('the database is away');
  });
  const config = { warmUpRequests: 40 };

  const { url } = await start(t, { routes, config, warmUpPaths: ['/things'], verifyToken });
  await until(async () => (await fetch(`${url}/readyz`)).ok);

  t.true(asked <= 2);
});
