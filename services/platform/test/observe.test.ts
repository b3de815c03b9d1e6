import { request } from 'node:http';
import test from 'ava';
import { z } from 'zod';
import { requestContext } from '../src/context.ts';
import { bindRoutes, type Contract } from '../src/route.ts';
import { start, until } from './helpers/start.ts';

const contract = {
  echo: {
    method: 'get',
    path: '/echo/:id',
    summary: 'Tells its context',
    auth: 'public',
    response: { status: 200, body: z.looseObject({}) },
  },
  wait: {
    method: 'get',
    path: '/wait',
    summary: 'Waits',
    auth: 'public',
    response: { status: 200, body: z.object({}) },
  },
} as const satisfies Contract;

const routes = bindRoutes(contract, {
  echo: async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return { ...requestContext.getStore() };
  },
  wait: () => new Promise((resolve) => setTimeout(() => resolve({}), 300)),
});

const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

test('observe – a good request id and traceparent – are kept, answered, logged, and reach below an await', async (t) => {
  const { url, lines } = await start(t, { routes });

  const headers = { 'x-request-id': 'abc.DEF-1_2', traceparent: TRACE };
  const answer = await fetch(`${url}/echo/9?token=hush&city=Cork`, { headers });

  t.is(answer.headers.get('x-request-id'), 'abc.DEF-1_2');
  t.deepEqual(await answer.json(), { requestId: 'abc.DEF-1_2', traceparent: TRACE });
  await until(() => lines.some(({ msg }) => msg === 'request'));
  const line = lines.find(({ msg }) => msg === 'request');
  t.like(line, {
    method: 'GET',
    route: '/echo/:id',
    path: '/echo/9?token=[secret]&city=Cork',
    status: 200,
    requestId: 'abc.DEF-1_2',
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    service: 'test',
  });
  t.is(typeof line?.ms, 'number');
});

for (const id of ['', 'x'.repeat(65), 'two words', 'läuft']) {
  test(`observe – request id ${JSON.stringify(id)} – is replaced by a UUID`, async (t) => {
    const { url } = await start(t, { routes });

    const answer = await fetch(`${url}/echo/1`, {
      headers: { 'x-request-id': Buffer.from(id).toString('latin1'), traceparent: '00-zz-1-01' },
    });

    t.regex(answer.headers.get('x-request-id') ?? '', /^[\da-f]{8}-[\da-f-]{27}$/);
    const { traceparent = '' } = (await answer.json()) as { traceparent?: string };
    t.regex(traceparent, /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/, 'and what is no trace by a new one');
  });
}

test('observe – metrics – count by route pattern on a port of their own; probes do not count', async (t) => {
  const { url, metricsUrl, lines } = await start(t, { routes });

  for (const path of ['/echo/1', '/echo/2', '/nothing/3', '/livez', '/health'])
    await fetch(url + path);
  await until(() => lines.filter(({ msg }) => msg === 'request').length === 3);
  const text = await (await fetch(`${metricsUrl}/metrics`)).text();

  t.regex(
    text,
    /http_request_duration_seconds_count\{method="GET",route="\/echo\/:id",status="200"\} 2/,
  );
  t.regex(text, /http_request_duration_seconds_count\{method="GET",route="none",status="404"\} 1/);
  t.regex(text, /http_requests_in_flight 0/);
  t.regex(text, /build_info\{service="test",source="src-test",commit="abc"\} 1/);
  t.regex(text, /nodejs_eventloop_lag_p99_seconds/);
  t.false(text.includes('livez'));
  t.is((await fetch(`${url}/metrics`)).status, 404);
});

test('observe – a caller that leaves early – is logged as 499', async (t) => {
  const { url, lines } = await start(t, { routes });

  const leaving = request(`${url}/wait`).end();
  leaving.on('error', () => {});
  setTimeout(() => leaving.destroy(), 50);

  await until(() => lines.some(({ msg, status }) => msg === 'request' && status === 499));
  t.pass();
});

test('7.A-7 observe – a token in an address – is in no line of the log', async (t) => {
  const { url, lines } = await start(t, { routes });
  const secret = 'eyJhbGciOiJIUzI1NiJ9.of-a-person';

  await fetch(`${url}/echo?token=${secret}&a=1&refreshToken=${secret}&code=${secret}`);
  await until(() => lines.some(({ msg }) => msg === 'request'));

  t.false(JSON.stringify(lines).includes(secret));
  t.true(JSON.stringify(lines).includes('a=1'));
});
