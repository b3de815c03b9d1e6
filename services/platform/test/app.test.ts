import test from 'ava';
import { z } from 'zod';
import type { Caller } from '../src/caller.ts';
import { NotFound, Unauthorized } from '../src/errors.ts';
import { bindRoutes, type Contract } from '../src/route.ts';
import { start } from './helpers/start.ts';

const contract = {
  findThing: {
    method: 'get',
    path: '/things/search',
    summary: 'Find things',
    auth: 'public',
    cache: 'public, max-age=5',
    request: {
      query: z.strictObject({ q: z.string().min(2), limit: z.coerce.number().int().default(3) }),
    },
    response: { status: 200, body: z.object({ q: z.string(), limit: z.number() }) },
  },
  getThing: {
    method: 'get',
    path: '/things/:id',
    summary: 'One thing',
    auth: 'public',
    request: { params: z.object({ id: z.coerce.number().int().positive() }) },
    response: { status: 200, body: z.object({ id: z.number() }) },
    problems: { 404: 'thing_not_found' },
  },
  makeThing: {
    method: 'post',
    path: '/things',
    summary: 'Make a thing',
    auth: ['admin'],
    request: { body: z.strictObject({ name: z.string().min(1) }) },
    response: { status: 201, body: z.object({ name: z.string(), by: z.number() }) },
  },
  break: {
    method: 'get',
    path: '/break',
    summary: 'Breaks',
    auth: 'public',
    response: { status: 200, body: z.object({}) },
  },
} as const satisfies Contract;

const routes = bindRoutes(contract, {
  findThing: ({ query }) => query,
  getThing: ({ params }) => {
    if (params.id === 404) throw new NotFound('no such thing', 'thing_not_found');
    return { id: params.id };
  },
  makeThing: async ({ body, caller }) => ({ name: body.name, by: caller.id }),
  break: () => {
    throw new Error('SELECT password FROM users');
  },
});

const callers: Record<string, Caller> = {
  admin: { id: 1, role: 'admin' },
  user: { id: 2, role: 'user' },
};
const verifyToken = (token: string) => {
  const caller = callers[token];
  if (!caller) throw new Unauthorized('invalid_token', 'the access token is not valid');
  return caller;
};

const post = (body: string, headers: Record<string, string> = {}) => ({
  method: 'POST',
  body,
  headers: { 'content-type': 'application/json', authorization: 'Bearer admin', ...headers },
});

test('app – good requests – are answered with converted values and API headers', async (t) => {
  const { url } = await start(t, { routes, verifyToken });

  const found = await fetch(`${url}/things/search?q=abc&limit=7`);
  t.deepEqual(await found.json(), { q: 'abc', limit: 7 });
  t.is(found.headers.get('cache-control'), 'public, max-age=5');
  t.is(found.headers.get('content-security-policy'), "default-src 'none';frame-ancestors 'none'");
  t.is(found.headers.get('x-powered-by'), null);
  const one = await fetch(`${url}/things/5`);
  t.is(one.headers.get('etag'), null, 'what nobody may keep needs no tag');
  t.deepEqual(await one.json(), { id: 5 });

  const made = await fetch(`${url}/things`, post('{"name":"bodhrán"}'));
  t.is(made.status, 201);
  t.deepEqual(await made.json(), { name: 'bodhrán', by: 1 });
  t.is(made.headers.get('cache-control'), 'no-store');
});

interface Case {
  readonly path: string;
  readonly init?: RequestInit;
  readonly status: number;
  readonly code: string;
  readonly fields?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

const cases: Record<string, Case> = {
  'an unknown path': { path: '/nothing', status: 404, code: 'no_such_route' },
  'a thing that is not there': { path: '/things/404', status: 404, code: 'thing_not_found' },
  'two wrong parameters': {
    path: '/things/search?q=a&limit=many',
    status: 400,
    code: 'invalid_request',
    fields: ['query.q', 'query.limit'],
  },
  'an unknown parameter': {
    path: '/things/search?q=abc&qq=1',
    status: 400,
    code: 'invalid_request',
    fields: ['query.qq'],
  },
  'a parameter given twice': {
    path: '/things/search?q=ab&q=cd',
    status: 400,
    code: 'invalid_request',
  },
  'an id with letters behind it': {
    path: '/things/5abc',
    status: 400,
    code: 'invalid_request',
    fields: ['params.id'],
  },
  'a path that cannot be decoded': { path: '/things/%ff', status: 400, code: 'malformed_request' },
  'another method': {
    path: '/things/5',
    init: { method: 'DELETE' },
    status: 405,
    code: 'method_not_allowed',
    headers: { allow: 'GET, HEAD, OPTIONS' },
  },
  'another method where a parameter would match too': {
    path: '/things/search',
    init: { method: 'PUT' },
    status: 405,
    code: 'method_not_allowed',
  },
  'malformed JSON': { path: '/things', init: post('{"name":'), status: 400, code: 'invalid_json' },
  'a body of another kind': {
    path: '/things',
    init: post('name=x', { 'content-type': 'application/x-www-form-urlencoded' }),
    status: 415,
    code: 'unsupported_media_type',
  },
  'a body in another charset': {
    path: '/things',
    init: post('{}', { 'content-type': 'application/json; charset=latin1' }),
    status: 415,
    code: 'unsupported_media_type',
  },
  'a body that is too large': {
    path: '/things',
    init: post(JSON.stringify({ name: 'x'.repeat(102_400) })),
    status: 413,
    code: 'body_too_large',
  },
  'no body': {
    path: '/things',
    init: { ...post(''), body: null },
    status: 400,
    code: 'invalid_request',
  },
  'an unknown field in the body': {
    path: '/things',
    init: post('{"name":"x","role":"admin"}'),
    status: 400,
    code: 'invalid_request',
    fields: ['body.role'],
  },
  'no token': {
    path: '/things',
    init: { method: 'POST' },
    status: 401,
    code: 'missing_token',
    headers: { 'www-authenticate': 'Bearer' },
  },
  'a wrong token': {
    path: '/things',
    init: post('{"name":"x"}', { authorization: 'Bearer nobody' }),
    status: 401,
    code: 'invalid_token',
  },
  'a caller without the role': {
    path: '/things',
    init: post('{"name":"x"}', { authorization: 'Bearer user' }),
    status: 403,
    code: 'forbidden',
  },
};

for (const [situation, expected] of Object.entries(cases)) {
  test(`app – ${situation} – is told as a problem`, async (t) => {
    const { url } = await start(t, { routes, verifyToken });

    const answer = await fetch(`${url}${expected.path}`, expected.init);
    const problem = (await answer.json()) as { errors?: { field: string }[] } & Record<
      string,
      unknown
    >;

    t.is(answer.status, expected.status);
    t.is(answer.headers.get('content-type'), 'application/problem+json; charset=utf-8');
    t.like(problem, {
      type: `urn:whatsthecraic:problem:${expected.code}`,
      status: expected.status,
      code: expected.code,
      instance: expected.path.split('?')[0],
      requestId: answer.headers.get('x-request-id'),
    });
    if (expected.fields)
      t.deepEqual(
        problem.errors?.map(({ field }) => field),
        [...expected.fields],
      );
    for (const [name, value] of Object.entries(expected.headers ?? {}))
      t.is(answer.headers.get(name), value);
  });
}

test('7.A-2 app – a handler that throws – answers 500 without a detail and logs the error', async (t) => {
  const { url, lines } = await start(t, { routes, verifyToken });

  const answer = await fetch(`${url}/break`);
  const text = await answer.text();

  t.is(answer.status, 500);
  t.is(JSON.parse(text).code, 'internal_error');
  t.false(text.includes('SELECT'));
  const line = lines.find(({ msg }) => msg === 'request failed');
  t.like(line, { level: 'error', requestId: answer.headers.get('x-request-id') });
  t.regex(JSON.stringify(line?.err), /SELECT password/);
});

test('app – HEAD and OPTIONS – follow GET and tell the methods', async (t) => {
  const { url } = await start(t, { routes, verifyToken });

  const head = await fetch(`${url}/things/5`, { method: 'HEAD' });
  const options = await fetch(`${url}/things`, { method: 'OPTIONS' });

  t.is(head.status, 200);
  t.is(head.headers.get('content-length'), '8');
  t.is(options.status, 204);
  t.is(options.headers.get('allow'), 'OPTIONS, POST');
});

test('app – an answer against its own contract – is a 500 where answers are checked', async (t) => {
  const wrong = bindRoutes({ it: contract.getThing }, { it: () => ({ id: 'x' }) as never });
  const { url } = await start(t, { routes: wrong });

  t.is((await fetch(`${url}/things/5`)).status, 500);
});

test('app – a protected route without a verifier – is refused when the app is built', async (t) => {
  await t.throwsAsync(start(t, { routes }), { message: /makeThing: auth admin needs verifyToken/ });
});

test('openapi – the route table – is told in full', async (t) => {
  const { url } = await start(t, { routes, verifyToken });

  const document = (await (await fetch(`${url}/openapi.json`)).json()) as never as {
    openapi: string;
    paths: Record<string, Record<string, Record<string, unknown>>>;
  };

  t.is(document.openapi, '3.1.0');
  t.deepEqual(Object.keys(document.paths).sort(), [
    '/break',
    '/things',
    '/things/search',
    '/things/{id}',
  ]);
  const search = document.paths['/things/search']?.get;
  t.like(search, { operationId: 'findThing' });
  t.deepEqual(search?.parameters, [
    { name: 'q', in: 'query', required: true, schema: { type: 'string', minLength: 2 } },
    {
      name: 'limit',
      in: 'query',
      required: false,
      schema: {
        type: 'integer',
        default: 3,
        minimum: -9007199254740991,
        maximum: 9007199254740991,
      },
    },
  ]);
  const make = document.paths['/things']?.post;
  t.deepEqual(make?.security, [{ bearer: [] }]);
  t.deepEqual(Object.keys(make?.responses ?? {}), ['201', '400', '401', '403', 'default']);
  t.deepEqual(Object.keys(document.paths['/things/{id}']?.get?.responses ?? {}), [
    '200',
    '400',
    '404',
    'default',
  ]);
});
