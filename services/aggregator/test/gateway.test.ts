import { isDeepStrictEqual } from 'node:util';
import test from 'ava';
import { until } from '../../platform/test/helpers/start.ts';
import { publishedRoutes } from '../src/contract.ts';
import { upstreamPath } from '../src/domain/upstream-path.ts';
import { sendJson, startAggregator, startUpstream } from './helpers/upstream.ts';

const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

test('published routes – the public API – is exactly this', (t) => {
  const list = publishedRoutes.map(
    ({ outer, upstream, inner }) => `${outer.method} ${outer.path} ${upstream} ${inner.path}`,
  );

  t.deepEqual(list, [
    'post /v1/auth/signup auth /auth/signup',
    'post /v1/auth/email/confirm auth /auth/email/confirm',
    'post /v1/auth/email/confirmation auth /auth/email/confirmation',
    'post /v1/auth/password/forgot auth /auth/password/forgot',
    'post /v1/auth/me/email auth /auth/me/email',
    'post /v1/auth/password/reset auth /auth/password/reset',
    'post /v1/auth/me/password auth /auth/me/password',
    'get /v1/auth/me auth /auth/me',
    'patch /v1/auth/me auth /auth/me',
    'post /v1/auth/me/deletion auth /auth/me/deletion',
    'get /v1/auth/me/export auth /auth/me/export',
    'post /v1/auth/login auth /auth/login',
    'post /v1/auth/refresh auth /auth/refresh',
    'post /v1/auth/logout auth /auth/logout',
    'post /v1/auth/logout-everywhere auth /auth/logout-everywhere',
    'get /v1/auth/sessions auth /auth/sessions',
    'delete /v1/auth/sessions/:sessionId auth /auth/sessions/:sessionId',
    'post /v1/auth/organizer-requests auth /auth/organizer-requests',
    'get /v1/auth/me/organizer-requests auth /auth/me/organizer-requests',
    'get /v1/auth/organizer-requests auth /auth/organizer-requests',
    'post /v1/auth/organizer-requests/:id/decision auth /auth/organizer-requests/:id/decision',
    'patch /v1/auth/users/:id auth /auth/users/:id',
    'get /v1/auth/preferences auth /auth/preferences',
    'patch /v1/auth/preferences auth /auth/preferences',
    'get /.well-known/jwks.json auth /.well-known/jwks.json',
    'post /v1/auth/spotify/authorization auth /auth/spotify/authorization',
    'get /v1/auth/spotify/callback auth /auth/spotify/callback',
    'get /v1/auth/spotify auth /auth/spotify',
    'post /v1/auth/spotify/sync auth /auth/spotify/sync',
    'delete /v1/auth/spotify auth /auth/spotify',
    'get /v1/events/search events /v1/events/search',
    'get /v1/events/facets events /v1/events/facets',
    'get /v1/events/:id events /v1/events/:id',
    'put /v1/events/:id/save events /v1/events/:id/save',
    'delete /v1/events/:id/save events /v1/events/:id/save',
    'get /v1/users/me/saved events /v1/users/me/saved',
    'put /v1/events/:id/hide events /v1/events/:id/hide',
    'delete /v1/events/:id/hide events /v1/events/:id/hide',
    'get /v1/users/me/hidden events /v1/users/me/hidden',
    'get /v1/users/me/feed events /v1/users/me/feed',
    'get /v1/performers events /v1/performers',
    'get /v1/performers/:id events /v1/performers/:id',
    'put /v1/performers/:id/follow events /v1/performers/:id/follow',
    'delete /v1/performers/:id/follow events /v1/performers/:id/follow',
    'get /v1/users/me/performers events /v1/users/me/performers',
    'post /v1/alerts events /v1/alerts',
    'get /v1/alerts events /v1/alerts',
    'delete /v1/alerts/:id events /v1/alerts/:id',
    'get /v1/alerts/notifications events /v1/alerts/notifications',
    'get /events events /events',
    'get /events/:id events /events/:id',
    'post /events events /events',
    'patch /events/:id events /events/:id',
    'delete /events/:id events /events/:id',
    'get /events/:id/changes events /events/:id/changes',
    'get /v1/admin/sources events /v1/admin/sources',
    'post /v1/admin/sources/:source/requests events /v1/admin/sources/:source/requests',
    'get /v1/admin/events/:id/sources events /v1/admin/events/:id/sources',
    'get /v1/admin/matches events /v1/admin/matches',
    'post /v1/admin/matches events /v1/admin/matches',
    'delete /v1/admin/matches/:id events /v1/admin/matches/:id',
    'get /v1/events/:id/calendar events /v1/events/:id/calendar',
    'get /v1/users/me/calendar events /v1/users/me/calendar',
    'get /v1/users/me/calendar-feed events /v1/users/me/calendar-feed',
    'post /v1/users/me/calendar-feed events /v1/users/me/calendar-feed',
    'delete /v1/users/me/calendar-feed events /v1/users/me/calendar-feed',
    'get /v1/calendar/:file events /v1/calendar/:file',
    'get /events/spotify/search events /events/spotify/search',
    'get /djs dj /djs',
    'get /v1/djs/search dj /v1/djs/search',
    'get /djs/:id dj /djs/:id',
    'post /djs dj /djs',
    'patch /djs/:id dj /djs/:id',
    'delete /djs/:id dj /djs/:id',
    'get /djs/:id/contact dj /djs/:id/contact',
    'get /djs/:id/changes dj /djs/:id/changes',
    'get /v1/djs/:id/availability dj /v1/djs/:id/availability',
    'post /v1/djs/:id/availability dj /v1/djs/:id/availability',
    'delete /v1/djs/:id/availability/:windowId dj /v1/djs/:id/availability/:windowId',
    'get /venues venue /venues',
    'get /v1/venues/search venue /v1/venues/search',
    'get /venues/:id venue /venues/:id',
    'post /v1/organizer/plans venue /v1/organizer/plans',
    'get /v1/organizer/plans venue /v1/organizer/plans',
    'get /v1/organizer/plans/:id venue /v1/organizer/plans/:id',
    'patch /v1/organizer/plans/:id venue /v1/organizer/plans/:id',
    'delete /v1/organizer/plans/:id venue /v1/organizer/plans/:id',
    'get /v1/organizer/plans/:id/matches/djs venue /v1/organizer/plans/:id/matches/djs',
    'get /v1/organizer/plans/:id/matches/venues venue /v1/organizer/plans/:id/matches/venues',
    'get /v1/organizer/plans/:id/shortlist venue /v1/organizer/plans/:id/shortlist',
    'put /v1/organizer/plans/:id/shortlist/:kind/:itemId venue /v1/organizer/plans/:id/shortlist/:kind/:itemId',
    'delete /v1/organizer/plans/:id/shortlist/:kind/:itemId venue /v1/organizer/plans/:id/shortlist/:kind/:itemId',
    'get /v1/organizer/plans/:id/shortlist/export venue /v1/organizer/plans/:id/shortlist/export',
    'get /v1/organizer/contact-templates venue /v1/organizer/contact-templates',
    'post /v1/organizer/contact-requests venue /v1/organizer/contact-requests',
    'get /v1/organizer/contact-requests venue /v1/organizer/contact-requests',
    'get /v1/organizer/contact-requests/:id venue /v1/organizer/contact-requests/:id',
    'patch /v1/organizer/contact-requests/:id venue /v1/organizer/contact-requests/:id',
    'delete /v1/organizer/contact-requests/:id venue /v1/organizer/contact-requests/:id',
    'post /venues venue /venues',
    'patch /venues/:id venue /venues/:id',
    'delete /venues/:id venue /venues/:id',
    'get /venues/:id/contact venue /venues/:id/contact',
    'get /venues/:id/changes venue /venues/:id/changes',
    'get /v1/venues/:id/availability venue /v1/venues/:id/availability',
    'post /v1/venues/:id/availability venue /v1/venues/:id/availability',
    'delete /v1/venues/:id/availability/:windowId venue /v1/venues/:id/availability/:windowId',
    'get /v1/recommendations ml /v1/recommendations',
    'post /v1/recommendations ml /v1/recommendations',
    'get /v1/events/:id/similar ml /v1/events/:id/similar',
    'post /v1/feedback ml /v1/feedback',
    'get /v1/models ml /v1/models',
    'post /v1/models/train ml /v1/models/train',
    'post /v1/models/rollback ml /v1/models/rollback',
    'get /v1/experiments ml /v1/experiments',
    'put /v1/experiments/:id ml /v1/experiments/:id',
    'patch /v1/experiments/:id ml /v1/experiments/:id',
    'get /v1/experiments/:id/results ml /v1/experiments/:id/results',
  ]);
  t.is(new Set(publishedRoutes.map(({ name }) => name)).size, publishedRoutes.length);
});

test.serial(
  'gateway – a read – passes path, query, named headers, client and ids on, and no other',
  async (t) => {
    const upstream = await startUpstream(
      t,
      sendJson({ ok: 1 }, 200, {
        'cache-control': 'public, max-age=5',
        'set-cookie': 'a=b',
        server: 'x',
      }),
    );
    const { url } = await startAggregator(t, { dj: upstream.url });

    const answer = await fetch(`${url}/v1/djs/search?city=D%C3%BAn%20Laoghaire&limit=2`, {
      headers: {
        'x-request-id': 'req-1',
        traceparent: TRACE,
        'x-forwarded-for': '203.0.113.9',
        'accept-language': 'ga',
        authorization: 'Bearer secret',
        cookie: 'session=1',
        'x-admin': 'yes',
      },
    });

    t.deepEqual(await answer.json(), { ok: 1 });
    t.is(answer.headers.get('cache-control'), 'public, max-age=5');
    t.is(answer.headers.get('set-cookie'), null);
    t.is(answer.headers.get('server'), null);
    t.is(answer.headers.get('x-request-id'), 'req-1');
    const [seen] = upstream.seen;
    t.is(seen?.url, '/v1/djs/search?city=D%C3%BAn%20Laoghaire&limit=2');
    const { host, connection, ...headers } = seen?.headers ?? {};
    t.deepEqual(headers, {
      accept: '*/*',
      'accept-language': 'ga',
      'user-agent': 'node',
      'x-request-id': 'req-1',
      traceparent: TRACE,
      'x-forwarded-for': '203.0.113.9',
    });
  },
);

test.serial(
  'gateway – a login and a protected route – carry body and token to where they belong',
  async (t) => {
    const upstream = await startUpstream(t, sendJson({ token: 't' }));
    const { url } = await startAggregator(t, { auth: upstream.url });
    const headers = { 'content-type': 'application/json', authorization: 'Bearer abc' };

    await fetch(`${url}/v1/auth/login`, { method: 'POST', body: '{"email":"a@b.ie"}', headers });
    await fetch(`${url}/v1/auth/me`, { headers });

    const [login, me] = upstream.seen;
    t.like(login, { method: 'POST', url: '/auth/login', body: '{"email":"a@b.ie"}' });
    t.is(login?.headers['content-type'], 'application/json');
    t.is(login?.headers.authorization, undefined, 'a public route needs no token');
    t.like(me, { method: 'GET', url: '/auth/me' });
    t.is(me?.headers.authorization, 'Bearer abc');
  },
);

test.serial('gateway – a body too large – is refused here and sent to nobody', async (t) => {
  const upstream = await startUpstream(t, sendJson({}));
  const { url } = await startAggregator(t, { auth: upstream.url });

  const answer = await fetch(`${url}/v1/auth/login`, { method: 'POST', body: 'x'.repeat(102_401) });

  t.is(answer.status, 413);
  t.deepEqual(upstream.seen, []);
});

test.serial('gateway – a problem of an upstream – comes through unchanged', async (t) => {
  const problem = { type: 'urn:x', title: 'T', status: 429, code: 'slow_down', requestId: 'r' };
  const upstream = await startUpstream(t, (_req, res) => {
    res.writeHead(429, { 'content-type': 'application/problem+json', 'retry-after': '7' });
    res.end(JSON.stringify(problem));
  });
  const { url } = await startAggregator(t, { events: upstream.url });

  const answer = await fetch(`${url}/v1/events/5`);

  t.is(answer.status, 429);
  t.is(answer.headers.get('content-type'), 'application/problem+json');
  t.is(answer.headers.get('retry-after'), '7');
  t.deepEqual(await answer.json(), problem);
});

for (const path of [
  '/djs/..%2Fmetrics',
  '/djs/..%2F..%2Fhealth',
  '/djs/%2e%2e',
  '/djs/5%3Fadmin=1',
  '/djs/5%23x',
  '/venues/..%5Chealth',
]) {
  test.serial(`gateway – ${path} – stays one segment of its own route`, async (t) => {
    const upstream = await startUpstream(t, sendJson({}));
    const { url } = await startAggregator(t, { dj: upstream.url, venue: upstream.url });

    // fetch would walk `..` itself; the raw path must arrive as it is.
    const { get } = await import('node:http');
    const { port } = new URL(url);
    await new Promise<void>((resolve, reject) => {
      get({ port, path }, (res) => res.resume().once('end', resolve)).once('error', reject);
    });

    for (const { url: reached } of upstream.seen) {
      t.regex(reached, /^\/(djs|venues)\/[^/?#]+$/);
      t.false(/^\/\w+\/\.{1,2}$/.test(reached));
    }
    t.true(upstream.seen.length <= 1);
  });
}

test('upstreamPath – segments that walk – are encoded', (t) => {
  t.is(upstreamPath('/djs/:id', { id: '..' }), '/djs/%2E%2E');
  t.is(upstreamPath('/djs/:id', { id: '../x?y#z' }), '/djs/..%2Fx%3Fy%23z');
  t.is(upstreamPath('/v1/events/:id', { id: '5' }), '/v1/events/5');
});

test.serial(
  'gateway – an upstream that is away – is a 502 with its name, and the others answer',
  async (t) => {
    const upstream = await startUpstream(t, sendJson({ ok: 1 }));
    const { url } = await startAggregator(t, { dj: upstream.url });

    const away = await fetch(`${url}/v1/recommendations`);
    const there = await fetch(`${url}/djs`);

    t.is(away.status, 502);
    t.is(away.headers.get('retry-after'), '5');
    const problem = (await away.json()) as { detail: string };
    t.like(problem, { code: 'upstream_unavailable' });
    t.regex(problem.detail, /^ml-service /);
    t.is(there.status, 200);
  },
);

test.serial(
  'gateway – an upstream that never answers – is a 504 when the deadline is over',
  async (t) => {
    const upstream = await startUpstream(t, () => {});
    const { url } = await startAggregator(t, { venue: upstream.url }, { deadlineMs: 200 });

    const startedAt = performance.now();
    const answer = await fetch(`${url}/venues`);

    t.is(answer.status, 504);
    t.like(await answer.json(), { code: 'upstream_timeout' });
    const took = performance.now() - startedAt;
    t.true(took >= 190 && took < 5_000, `${took} ms`);
  },
);

test.serial(
  'gateway – an upstream that stalls in the middle of its answer – is a 504, or broken off, never passed as whole',
  async (t) => {
    const upstream = await startUpstream(t, (_req, res) => {
      res.writeHead(200, { 'content-type': 'application/json' });
      res.write('{"venues":[');
    });
    const all = { venue: upstream.url, auth: upstream.url };
    const { url } = await startAggregator(t, all, { deadlineMs: 2_000 });

    const shared = await fetch(`${url}/venues`);
    const streamed = await fetch(`${url}/v1/auth/me`, { headers: { authorization: 'Bearer a' } });

    t.is(shared.status, 504);
    await t.throwsAsync(streamed.text());
  },
);

test.serial(
  'gateway – a kept connection that the upstream has closed – is asked again, once, for reads only',
  async (t) => {
    let cut = 1;
    const upstream = await startUpstream(t, (req, res) => {
      if (cut-- > 0) req.socket.destroy();
      else sendJson({ ok: 1 })(req, res);
    });
    const { url } = await startAggregator(t, { dj: upstream.url, auth: upstream.url });

    t.is((await fetch(`${url}/djs`)).status, 200);
    t.is(upstream.seen.length, 2);

    cut = 1;
    t.is((await fetch(`${url}/v1/auth/login`, { method: 'POST', body: '{}' })).status, 502);
    t.is(upstream.seen.length, 3);
  },
);

test.serial('gateway – a caller that leaves – ends the request to the upstream', async (t) => {
  let left = false;
  const upstream = await startUpstream(t, (_req, res) => {
    res.once('close', () => {
      left = true;
    });
  });
  const { url } = await startAggregator(t, { dj: upstream.url });

  const leaving = new AbortController();
  const asked = t.throwsAsync(fetch(`${url}/djs`, { signal: leaving.signal }), { any: true });
  await until(() => upstream.seen.length === 1);
  leaving.abort();
  await asked;

  await until(() => left);
  t.pass();
});

test.serial(
  'gateway – its health – names each upstream, and one away does not make it unready',
  async (t) => {
    const upstream = await startUpstream(t, sendJson({}));
    const { url } = await startAggregator(t, {
      auth: upstream.url,
      events: upstream.url,
      dj: upstream.url,
      venue: upstream.url,
    });
    const health = async () =>
      (await (await fetch(`${url}/health`)).json()) as Record<string, unknown>;

    const expected = {
      'auth-service': { status: 'ok' },
      'events-service': { status: 'ok' },
      'dj-service': { status: 'ok' },
      'venue-service': { status: 'ok' },
      'ml-service': { status: 'down', detail: 'unreachable' },
    };

    await until(async () => isDeepStrictEqual((await health()).dependencies, expected), 15_000);

    t.is((await health()).status, 'degraded');
    t.is((await fetch(`${url}/readyz`)).status, 200);
    t.deepEqual(upstream.seen, [], 'probes ask /readyz and nothing else');
  },
);

test.serial(
  'gateway – /openapi.json and other methods – follow the published routes',
  async (t) => {
    const { url } = await startAggregator(t, {});

    const document = (await (await fetch(`${url}/openapi.json`)).json()) as { paths: object };
    const wrong = await fetch(`${url}/djs/1`, { method: 'PUT' });

    t.deepEqual(
      Object.keys(document.paths).sort(),
      [
        '/api/gigs',
        ...new Set(publishedRoutes.map(({ outer }) => outer.path.replace(/:(\w+)/g, '{$1}'))),
      ].sort(),
    );
    t.is(wrong.status, 405);
    t.is((await fetch(`${url}/auth/login`, { method: 'POST' })).status, 404, 'an inner path');
  },
);
