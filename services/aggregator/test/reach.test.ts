import { once } from 'node:events';
import { connect } from 'node:net';
import { contract as auth } from '@whatsthecraic/auth-service/contract';
import { contract as dj } from '@whatsthecraic/dj-service/contract';
import { contract as events } from '@whatsthecraic/events-service/contract';
import { contract as ml } from '@whatsthecraic/ml-service/contract';
import type { Contract } from '@whatsthecraic/platform/route';
import { contract as venue } from '@whatsthecraic/venue-service/contract';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { publishedRoutes } from '../src/contract.ts';
import { sendJson, startAggregator, startUpstream } from './helpers/upstream.ts';

/** One upstream in the place of all five, so that whatever gets out is seen. */
async function startDoor(t: ExecutionContext) {
  const upstream = await startUpstream(t, sendJson({}));
  const { url } = upstream;
  const all = { auth: url, events: url, dj: url, venue: url, ml: url };
  const door = await startAggregator(t, all);
  return { seen: upstream.seen, port: Number(new URL(door.url).port) };
}

/** What a client writes on the wire, byte by byte, and all that comes back until it is silent. */
async function speak(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  // Half of a connection closed would be a caller that has left.
  socket.write(text);
  let answer = '';
  let timer = setTimeout(() => socket.destroy(), 20_000);
  socket.on('data', (chunk) => {
    answer += chunk;
    clearTimeout(timer);
    timer = setTimeout(() => socket.destroy(), 400);
  });
  await once(socket, 'close');
  clearTimeout(timer);
  return answer;
}

const statusesOf = (answer: string) =>
  [...answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));

const ask = (port: number, method: string, path: string, headers = '') =>
  speak(port, `${method} ${path} HTTP/1.1\r\nHost: x\r\n${headers}Connection: close\r\n\r\n`);

/** The published routes as patterns of what may arrive at a service: one encoded segment a parameter. */
const allowed = publishedRoutes.map(({ inner }) => ({
  methods: inner.method === 'get' ? ['GET', 'HEAD'] : [inner.method.toUpperCase()],
  path: new RegExp(
    `^${inner.path.replace(/:\w+/g, '(?!\\.{1,2}(?:[/?]|$))[^/?#]+')}(?:\\?[^#]*)?$`,
  ),
}));
const mayArrive = (method: string, url: string) =>
  allowed.some((it) => it.methods.includes(method) && it.path.test(url));

const contracts: Record<string, Contract> = { auth, dj, events, ml, venue };
const inside = Object.values(contracts)
  .flatMap((contract) => Object.values(contract))
  .filter((route) => !route.published);

const disguises: readonly ((path: string) => string)[] = [
  (path) => path,
  (path) => `/djs/..${path}`,
  (path) => `/djs/..%2f..${path.replaceAll('/', '%2f')}`,
  (path) => `/djs/%2e%2e${path}`,
  (path) => `/djs/1/..;${path}`,
  (path) => `/djs/1%3f${path}`,
  (path) => `/djs/1%23${path}`,
  (path) => `/djs/1%00${path}`,
  (path) => `//${path}`,
  (path) => `/%2f${path}`,
  (path) => `/./${path}`,
  (path) => path.replace('/internal', '/%69nternal'),
  (path) => path.toUpperCase(),
  (path) => `${path}/`,
  (path) => `http://dj-service:4002${path}`,
  (path) => `/venues/..\\..${path.replaceAll('/', '\\')}`,
  (path) => `/djs/..%252f${path}`,
];

test('7.A-8 – routes that no contract publishes – are reached in no disguise', async (t) => {
  const { seen, port } = await startDoor(t);
  t.true(inside.some(({ path }) => path === '/spotify/cache-stats'));
  t.true(inside.length >= 2);
  const paths = [
    ...inside.map(({ path }) => path),
    '/metrics',
    '/health',
    '/openapi.json',
    '/readyz',
  ];

  for (const path of paths) {
    for (const disguise of disguises) {
      for (const method of ['GET', 'POST']) await ask(port, method, disguise(path));
    }
  }

  t.true(seen.length > 0, 'some become a segment of a published route');
  for (const { method, url } of seen) t.true(mayArrive(method, url), `${method} ${url}`);
  t.false(seen.some(({ url }) => /^\/(?:internal|metrics|health|openapi|spotify)/.test(url)));
});

test('OWASP API9:2023 – any method on any path – lets nothing through but published routes', async (t) => {
  t.timeout(60_000);
  const { seen, port } = await startDoor(t);
  const words = [
    'djs',
    'venues',
    'v1',
    'events',
    'internal',
    'search',
    'auth',
    'login',
    'metrics',
    '7',
  ];
  const nasty = [
    '..',
    '.',
    '%2e%2e',
    '..%2f',
    '%2F',
    '%5c',
    '%3f',
    '%23',
    '%00',
    '%',
    '%zz',
    ';',
    '//',
    '*',
  ];
  const segment = fc.oneof(
    fc.constantFrom(...words),
    fc.constantFrom(...nasty),
    fc.stringMatching(/^[!$&'()*+,\-.:;=@_~a-z0-9%]{0,6}$/),
  );
  const path = fc.array(segment, { minLength: 1, maxLength: 6 }).map((it) => `/${it.join('/')}`);
  const method = fc.constantFrom(
    'GET',
    'HEAD',
    'POST',
    'PUT',
    'PATCH',
    'DELETE',
    'OPTIONS',
    'TRACE',
    'LOCK',
  );
  const query = fc.constantFrom('', '?a=1', '?..%2f', '?x=?y', '?/../internal');

  await fc.assert(
    fc.asyncProperty(method, path, query, async (verb, where, rest) => {
      const before = seen.length;
      const answer = await ask(port, verb, where + rest, 'Content-Length: 0\r\n');
      const [status = 0] = statusesOf(answer);
      return status < 500 && seen.slice(before).every((it) => mayArrive(it.method, it.url));
    }),
    { numRuns: 400 },
  );
  t.true(seen.length > 0, 'some of them are published');
});

test('7.A-8 – headers that other servers take for orders – move no request elsewhere', async (t) => {
  const { seen, port } = await startDoor(t);
  const orders = [
    'X-Original-URL: /internal/venues',
    'X-Rewrite-URL: /internal/venues',
    'X-HTTP-Method-Override: DELETE',
    'X-Method-Override: DELETE',
    'Forwarded: for=10.0.0.1;host=dj-service',
    'X-Forwarded-Host: dj-service:4002',
    'X-Forwarded-Prefix: /internal',
    'Connection: x-request-id, authorization',
    'Upgrade: h2c',
  ];

  await ask(port, 'GET', '/djs', orders.map((it) => `${it}\r\n`).join(''));

  t.is(seen.length, 1);
  t.like(seen[0], { method: 'GET', url: '/djs' });
  const passed = Object.keys(seen[0]?.headers ?? {}).filter(
    (it) => it.startsWith('x-') || it === 'forwarded',
  );
  t.deepEqual(passed.sort(), ['x-forwarded-for', 'x-request-id']);
});

const hidden = 'GET /internal/venues?ids=1 HTTP/1.1\r\nHost: x\r\n\r\n';
const smuggled: Readonly<Record<string, string>> = {
  'both lengths': `Content-Length: ${hidden.length + 5}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
  'two lengths': `Content-Length: 0\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
  'an encoding in disguise': `Transfer-Encoding: xchunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n${hidden}`,
  'a blank before the colon': `Content-Length : ${hidden.length}\r\n\r\n${hidden}`,
  'a folded header': `X-A: b\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
  'a bare line feed': `X-A: b\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
  'a length with a sign': `Content-Length: +${hidden.length}\r\n\r\n${hidden}`,
  'a chunk with an odd size': `Transfer-Encoding: chunked\r\n\r\n0x5\r\nabcde\r\n0\r\n\r\n${hidden}`,
};

for (const [what, rest] of Object.entries(smuggled)) {
  test(`OWASP API8:2023 – a request with ${what} – smuggles no second one to a service`, async (t) => {
    const { seen, port } = await startDoor(t);

    await speak(
      port,
      `POST /v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n${rest}`,
    );

    t.false(
      seen.some(({ url }) => url.startsWith('/internal')),
      JSON.stringify(seen),
    );
    t.true(seen.length <= 1);
    for (const { method, url } of seen) t.true(mayArrive(method, url));
  });
}

test('OWASP API8:2023 – refusals – are problems without a stack, a path of ours or a product', async (t) => {
  const { port } = await startDoor(t);

  for (const path of [
    '/nowhere',
    '/djs/%',
    '/djs/%zz',
    '/internal/venues',
    '/docs/../package.json',
  ]) {
    const answer = await ask(port, 'GET', path);
    t.regex(answer, /^HTTP\/1\.1 (?:400|404)/, path);
    t.regex(answer, /content-type: application\/problem\+json/i, path);
    t.notRegex(
      answer,
      /node_modules|\.ts:|at \w+ \(|x-powered-by|access-control-allow-origin/i,
      path,
    );
  }
});
