import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Secret } from '@whatsthecraic/platform/secret';
import { createTokens } from '@whatsthecraic/platform/tokens';
import test, { type ExecutionContext } from 'ava';
import { z } from 'zod';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { as, makePeople, senderTo } from '../../platform/test/helpers/keepers.ts';
import { publishedRoutes } from '../src/contract.ts';
import { askEveryRoute, nameOf } from './helpers/every-route.ts';
import { startAll } from './helpers/start-all.ts';
import { sendJson, startAggregator, startUpstream } from './helpers/upstream.ts';

// https://owasp.org/API-Security/editions/2023/en/0x11-t10/ – a test for each row, through the door.
const server = useDatabase(test);
const protectedRoutes = publishedRoutes.filter(
  ({ inner }) => inner.auth !== 'public' && inner.auth !== 'optional',
);

async function start(t: ExecutionContext) {
  const { url } = await startAll(t, server());
  await makePeople(server());
  return { url, send: senderTo(url) };
}

test.serial(
  'OWASP API1:2023 – what belongs to another – is as absent as what is not there',
  async (t) => {
    const { send } = await start(t);
    const [mine, other] = [as('organizer'), as('organizer', 2)];
    const plan = (await send('POST', '/v1/organizer/plans', mine, { name: 'Mine' })).body.id;
    const { body } = await send('GET', '/v1/auth/sessions', mine);
    const [session] = body.sessions as { id: string }[];
    const list = `/v1/organizer/plans/${plan}/shortlist`;
    const tries: [string, string, unknown?][] = [
      ['GET', `/v1/organizer/plans/${plan}`],
      ['PATCH', `/v1/organizer/plans/${plan}`, { name: 'Mine now' }],
      ['DELETE', `/v1/organizer/plans/${plan}`],
      ['GET', `/v1/organizer/plans/${plan}/matches/djs`],
      ['GET', `/v1/organizer/plans/${plan}/matches/venues`],
      ['GET', list],
      ['GET', `${list}/export`],
      ['PUT', `${list}/dj/1`, {}],
      ['DELETE', `${list}/dj/1`],
      ['DELETE', `/v1/auth/sessions/${session?.id}`],
    ];

    for (const [method, path, sent] of tries) {
      const answer = await send(method, path, { ...other, 'if-match': '*' }, sent);
      t.is(answer.status, 404, `${method} ${path}`);
    }
    t.is((await send('GET', `/v1/organizer/plans/${plan}`, mine)).status, 200);
    t.is((await send('GET', '/v1/auth/me', mine)).status, 200, 'the session goes on');
  },
);

const claims = { sub: '12', role: 'admin', sid: 'session-of-12'.padEnd(22, '-') };
const unsigned = ['{"alg":"none","typ":"at+jwt"}', JSON.stringify({ ...claims, exp: 4e9 }), '']
  .map((part) => Buffer.from(part).toString('base64url'))
  .join('.');
const bad: Readonly<Record<string, Record<string, string>>> = {
  'no token': {},
  'no signature': { authorization: `Bearer ${unsigned}` },
  'another key': {
    authorization: `Bearer ${createTokens(new Secret('x'.repeat(40))).sign({ id: 12, role: 'admin', sessionId: claims.sid })}`,
  },
  'another scheme': { authorization: 'Basic YWRtaW46YWRtaW4=' },
  'a token of a session that never was': as('admin', 9_999),
};
test.serial(
  'OWASP API2:2023, 7.A-3, 7.A-9 – no identity, or a made-up one – opens none of the protected routes',
  async (t) => {
    const { url } = await start(t);
    for (const [what, headers] of Object.entries(bad)) {
      for (const asked of await askEveryRoute({ url, routes: protectedRoutes, headers })) {
        t.is(asked.status, 401, `${what}: ${nameOf(asked)}`);
      }
    }
    t.true(protectedRoutes.length > 40);
  },
);

test.serial(
  'OWASP API2:2023, 7.A-7 – a good token in the address – is no identity, and comes back in no answer',
  async (t) => {
    const { url } = await start(t);
    const token = as('user').authorization.slice('Bearer '.length);

    const answer = await fetch(`${url}/v1/auth/me?token=${token}&access_token=${token}`);

    t.is(answer.status, 401);
    t.false((await answer.text()).includes(token));
  },
);

test('OWASP API3:2023 – a body with a field that its route does not name – is taken by no route', (t) => {
  for (const { name, inner } of publishedRoutes) {
    const { body } = inner.request ?? {};
    if (!body) continue;
    const schema = z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' });
    const closed = JSON.stringify(schema).includes('"additionalProperties":false');
    t.true(closed, `${name} takes unknown fields`);
  }
});

test.serial(
  'OWASP API3:2023 – role, owner, version, confirmation – are set by no request of their subject',
  async (t) => {
    const { send } = await start(t);
    const dj = await send('POST', '/djs', as('organizer'), { name: 'D', city: 'Cork' });
    const tries: [string, string, object, ReturnType<typeof as>][] = [
      ['PATCH', '/v1/auth/me', { role: 'admin' }, as('user')],
      ['PATCH', '/v1/auth/me', { emailConfirmed: true }, as('user')],
      ['PATCH', `/djs/${dj.body.id}`, { owner_id: 2 }, as('organizer')],
      ['PATCH', `/djs/${dj.body.id}`, { version: 99 }, as('organizer')],
      ['POST', '/v1/organizer/plans', { name: 'P', userId: 2 }, as('organizer')],
    ];
    for (const [method, path, body, headers] of tries) {
      const answer = await send(method, path, { ...headers, 'if-match': '*' }, body);
      t.is(answer.status, 400, `${path} ${JSON.stringify(body)}`);
    }
  },
);

test('OWASP API4:2023 – a page, a body, an address – are as large as they may be and no larger', async (t) => {
  const upstream = await startUpstream(t, sendJson({ djs: [] }));
  const { url } = await startAggregator(t, { dj: upstream.url, auth: upstream.url });

  const large = await fetch(`${url}/v1/auth/login`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify({ email: 'a@example.com', password: 'x'.repeat(200_000) }),
  });
  t.is(large.status, 413);
  for (const { name, inner } of publishedRoutes) {
    const limit = inner.request?.query?.shape.limit as z.ZodType | undefined;
    if (!limit) continue;
    for (const value of ['0', '-1', '1001', '1e9', 'all']) {
      t.false(limit.safeParse(value).success, `${name}: limit=${value}`);
    }
  }
  t.is(upstream.seen.length, 0);
});

test.serial(
  'OWASP API5:2023, 7.A-3 – every route of organizers and admins – refuses a mere user before it looks at anything',
  async (t) => {
    const { url } = await start(t);
    const routes = publishedRoutes.filter(({ inner }) => Array.isArray(inner.auth));
    for (const asked of await askEveryRoute({ url, routes, headers: as('user') })) {
      t.deepEqual([asked.status, asked.code], [403, 'forbidden'], nameOf(asked));
    }
    const admins = routes.filter(({ inner }) => !inner.auth.includes('organizer'));
    for (const asked of await askEveryRoute({ url, routes: admins, headers: as('organizer') })) {
      t.is(asked.status, 403, nameOf(asked));
    }
    t.true(routes.length > 25 && admins.length > 2);
  },
);

test.serial(
  'OWASP API6:2023 – sign-ups and mails without end from one place – are slowed down',
  async (t) => {
    const { send } = await start(t);
    const from = { 'x-forwarded-for': '203.0.113.66' };
    const statuses: number[] = [];
    for (let n = 0; n < 21; n++) {
      const body = { email: `victim${n}@example.com` };
      statuses.push((await send('POST', '/v1/auth/password/forgot', from, body)).status);
    }
    t.deepEqual(statuses, [...Array(20).fill(202), 429]);
  },
);

test.serial(
  'OWASP API7:2023 – addresses of others, in fields and in requests – are asked by nobody',
  async (t) => {
    const { url, send } = await start(t);
    let hits = 0;
    const trap = createServer((_req, res) => {
      hits += 1;
      res.end();
    });
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
    t.teardown(() => void trap.close());
    const target = `http://127.0.0.1:${(trap.address() as AddressInfo).port}/`;

    const made = await send('POST', '/djs', as('organizer'), {
      ...{ name: 'D', city: 'Cork', bio: target, contact: { website: target } },
    });
    await send('GET', `/djs/${made.body.id}`);
    await send('GET', `/djs/${made.body.id}/contact`, as('organizer'));
    await send('GET', `/v1/djs/search?q=${encodeURIComponent(target)}`);
    const { port } = new URL(url);
    const raw = await new Promise<number>((resolve, reject) => {
      import('node:http').then(({ request }) => {
        const asked = request({
          host: '127.0.0.1',
          port,
          path: `${target}djs`,
          headers: { host: new URL(target).host },
        });
        asked
          .on('response', (answer) => resolve(answer.resume().statusCode ?? 0))
          .on('error', reject)
          .end();
      });
    });

    t.is(made.status, 201);
    t.is(hits, 0);
    t.is(raw, 200, 'an absolute address is a name of our own (RFC 9112 §3.2.2)');
  },
);

test('OWASP API8:2023, 7.A-18, 7.A-26 – every kind of answer – bears the headers of an API and lets no other origin read it', async (t) => {
  const upstream = await startUpstream(t, sendJson({ djs: [] }));
  const { url } = await startAggregator(t, { dj: upstream.url });
  const origin = { origin: 'https://evil.example' };
  for (const path of ['/djs', '/nothing', '/djs/abc', '/venues', '/openapi.json', '/health']) {
    const { headers } = await fetch(url + path, { headers: origin });
    t.is(headers.get('access-control-allow-origin'), null, path);
    t.is(headers.get('x-content-type-options'), 'nosniff', path);
    t.regex(headers.get('content-security-policy') ?? '', /default-src 'none'/, path);
    t.is(headers.get('x-powered-by'), null, path);
  }
  const preflight = await fetch(`${url}/djs`, {
    method: 'OPTIONS',
    headers: { ...origin, 'access-control-request-method': 'DELETE' },
  });
  t.is(preflight.headers.get('access-control-allow-origin'), null);
  t.is((await fetch(`${url}/metrics`)).status, 404, 'figures are on a port of their own');
});

test.serial(
  'OWASP API9:2023 – the document of the API – names every route that answers, and no other',
  async (t) => {
    const { url } = await start(t);
    const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, unknown>>;
    };
    const told = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
    );
    const known = publishedRoutes.map(({ outer }) => `${outer.method} ${outer.path}`);
    t.deepEqual(told.toSorted(), [...known, 'get /api/gigs'].toSorted());
    for (const { inner } of publishedRoutes.filter((it) => it.inner.path !== it.outer.path)) {
      const answer = await fetch(url + inner.path.replace(/:\w+/g, '1'), {
        method: inner.method.toUpperCase(),
      });
      t.is(answer.status, 404, `${inner.path} is a name for the inside`);
    }
  },
);

test('OWASP API10:2023 – an upstream that redirects, floods or lies – is not followed, not swallowed, not believed', async (t) => {
  let hits = 0;
  const elsewhere = await startUpstream(t, (_req, res) => {
    hits += 1;
    res.end('{}');
  });
  const evil = await startUpstream(t, (req, res) => {
    if (req.url?.startsWith('/djs')) res.writeHead(302, { location: elsewhere.url }).end();
    else if (req.url?.startsWith('/venues')) {
      res.writeHead(200, {
        'content-type': 'application/json',
        'cache-control': 'public, max-age=60',
      });
      res.end('x'.repeat(3 * 1024 * 1024));
    } else sendJson({ events: 'none', admin: true })(req, res);
  });
  const { url } = await startAggregator(t, { dj: evil.url, venue: evil.url, events: evil.url });

  const moved = await fetch(`${url}/djs`, { redirect: 'manual' });
  const flood = await fetch(`${url}/venues`);
  const lie = await fetch(`${url}/api/gigs`);

  t.is(hits, 0);
  t.is(moved.status, 302);
  t.deepEqual(
    [flood.status, ((await flood.json()) as { code: string }).code],
    [502, 'upstream_garbage'],
  );
  t.deepEqual(
    [lie.status, ((await lie.json()) as { code: string }).code],
    [502, 'upstream_garbage'],
  );
});
