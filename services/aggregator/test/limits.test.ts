import test from 'ava';
import { isOwnNetwork } from '../src/limits/own-network.ts';
import { createVerifiedUsers } from '../src/limits/verified-users.ts';
import { sendJson, startAggregator, startUpstream } from './helpers/upstream.ts';

const tokenOf = (sub: string, jti = '1') =>
  `Bearer ${['{}', JSON.stringify({ sub, jti }), 'signature'].map((it) => Buffer.from(it).toString('base64url')).join('.')}`;

const from = (address: string, authorization?: string) => ({
  headers: { 'x-forwarded-for': address, ...(authorization ? { authorization } : {}) },
});

test('7.A-14, OWASP API4:2023 – an address over its limit – is not let in by made-up tokens, and others are', async (t) => {
  const upstream = await startUpstream(t, (req, res) => {
    sendJson({}, req.headers.authorization ? 401 : 200)(req, res);
  });
  const all = { dj: upstream.url, auth: upstream.url };
  const { url } = await startAggregator(t, all, { requestsPerMinute: 20 });
  const statuses: number[] = [];
  for (let n = 0; n < 30; n++)
    statuses.push((await fetch(`${url}/djs`, from('203.0.113.7'))).status);

  t.deepEqual(statuses, [...Array(20).fill(200), ...Array(10).fill(429)]);
  for (let n = 0; n < 10; n++) {
    const guess = from('203.0.113.7', tokenOf(String(n)));
    t.is(
      (await fetch(`${url}/v1/auth/me`, guess)).status,
      429,
      'a word after Bearer is no identity',
    );
  }
  t.is((await fetch(`${url}/djs`, from('203.0.113.8'))).status, 200, 'a neighbour has its own');
});

test('limits – over the limit – is a problem that says how long to wait, and nothing is asked', async (t) => {
  const upstream = await startUpstream(t, sendJson({}));
  const { url } = await startAggregator(t, { dj: upstream.url }, { requestsPerMinute: 1 });
  await fetch(`${url}/djs`, from('203.0.113.7'));
  const before = upstream.seen.length;

  const answer = await fetch(`${url}/djs?limit=3`, from('203.0.113.7'));

  t.is(answer.status, 429);
  t.regex(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
  t.regex(answer.headers.get('retry-after') ?? '', /^[1-9]\d?$/);
  t.like(await answer.json(), { code: 'rate_limited', status: 429 });
  t.is(upstream.seen.length, before);
  for (const probe of ['/livez', '/readyz', '/health']) {
    t.is((await fetch(url + probe, from('203.0.113.7'))).status, 200, 'probes are never counted');
  }
});

test('limits – a user whose token a service has taken – has a limit of its own, over all its addresses', async (t) => {
  const upstream = await startUpstream(t, sendJson({}));
  const { url } = await startAggregator(t, { auth: upstream.url }, { requestsPerMinute: 5 });
  const me = async (address: string, token: string) =>
    (await fetch(`${url}/v1/auth/me`, from(address, token))).status;
  t.is(await me('203.0.113.1', tokenOf('5')), 200, 'learnt');

  const statuses: number[] = [];
  for (let n = 0; n < 6; n++) statuses.push(await me(`203.0.113.${n + 10}`, tokenOf('5')));

  t.deepEqual(statuses, [200, 200, 200, 200, 200, 429]);
  t.is(await me('203.0.113.1', tokenOf('6')), 200, 'another user behind the same address');
});

test('limits – a whole /56 of IPv6 – is one address', async (t) => {
  const { url } = await startAggregator(t, {}, { requestsPerMinute: 2 });
  const statuses: number[] = [];
  for (const end of ['1::1', '2::1', 'ff::5']) {
    statuses.push((await fetch(`${url}/nowhere`, from(`2001:db8:0:${end}`))).status);
  }

  t.deepEqual(statuses, [404, 404, 429]);
});

test('limits – callers of our own network – are not counted: they are probes, neighbours, blind proxies', async (t) => {
  const { url } = await startAggregator(t, {}, { requestsPerMinute: 2 });
  for (let n = 0; n < 5; n++) t.is((await fetch(`${url}/nowhere`)).status, 404);

  for (const address of [
    '127.0.0.1',
    '10.42.0.7',
    '172.31.0.1',
    '192.168.1.1',
    '::1',
    'fd00::1',
    '::ffff:10.0.0.1',
  ]) {
    t.true(isOwnNetwork(address), address);
  }
  for (const address of [
    '8.8.8.8',
    '172.32.0.1',
    '2001:db8::1',
    '100.128.0.1',
    '::ffff:8.8.8.8',
    '',
  ]) {
    t.false(isOwnNetwork(address), address);
  }
});

test('verified users – taken, refused, then refused for its token – are known, known, forgotten', (t) => {
  const users = createVerifiedUsers();
  const token = tokenOf('12');
  t.is(users.userOf(token), undefined);
  users.learn(token, 403);
  t.is(users.userOf(token), 12);
  users.learn(token, 503);
  t.is(users.userOf(token), 12);
  users.learn(token, 401);
  t.is(users.userOf(token), undefined);
  for (const nonsense of ['Bearer x', 'Bearer a.b.c', tokenOf('0'), tokenOf('x')]) {
    users.learn(nonsense, 200);
    t.is(users.userOf(nonsense), undefined);
  }
});
