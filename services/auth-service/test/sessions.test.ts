import test from 'ava';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { newUser, PASSWORD, startAuth } from './helpers/auth.ts';

const server = useDatabase(test);
// All services of a file send from one outbox: one with a clock of its own must be alone with it.
const DAY = 86_400_000;

test.serial(
  '7.A-21 refresh – a token – gives new ones, and the session goes on beyond the hour',
  async (t) => {
    let at = Date.now();
    const auth = await startAuth(t, server(), { now: () => at });
    const { token, refreshToken } = await newUser(auth);

    at += 3_600_000;
    const late = await auth.ask('GET', '/auth/me', { token });
    const refreshed = await auth.post('/auth/refresh', { refreshToken });
    const me = await auth.ask('GET', '/auth/me', { token: refreshed.body.token });

    t.is(late.body.code, 'token_expired');
    t.is(refreshed.status, 200);
    t.not(refreshed.body.refreshToken, refreshToken);
    t.is(me.status, 200);
  },
);

test('refresh – a token used again within seconds – gets the same successor, as two tabs need', async (t) => {
  const auth = await startAuth(t, server());
  const { refreshToken } = await newUser(auth);

  const first = await auth.post('/auth/refresh', { refreshToken });
  const second = await auth.post('/auth/refresh', { refreshToken });

  t.deepEqual([first.status, second.status], [200, 200]);
  t.is(second.body.refreshToken, first.body.refreshToken);
  t.is((await auth.post('/auth/refresh', first.body)).status, 400, 'no other fields');
  const { refreshToken: next } = first.body;
  t.is((await auth.post('/auth/refresh', { refreshToken: next })).status, 200);
});

test.serial(
  'refresh – a token used again later – ends the session for thief and owner, and says so in the log',
  async (t) => {
    let at = Date.now();
    const auth = await startAuth(t, server(), { now: () => at });
    const { refreshToken: stolen, id } = await newUser(auth);
    const { body: owner } = await auth.post('/auth/refresh', { refreshToken: stolen });

    at += 11_000;
    const thief = await auth.post('/auth/refresh', { refreshToken: stolen });
    const after = await auth.post('/auth/refresh', { refreshToken: owner.refreshToken });
    const access = await auth.ask('GET', '/auth/me', { token: owner.token });

    t.deepEqual([thief.status, thief.body.code], [401, 'refresh_token_reused']);
    t.deepEqual([after.status, after.body.code], [401, 'session_ended']);
    t.deepEqual([access.status, access.body.code], [401, 'session_ended']);
    const line = auth.lines.map((it) => JSON.parse(it)).find((it) => it.event);
    t.like(line, { event: 'security.refresh_reuse', userId: id, level: 'warn' });
    t.false(auth.lines.join('').includes(stolen));
  },
);

test('refresh – a made-up secret for a real session – ends it; words that are none of ours are refused', async (t) => {
  const auth = await startAuth(t, server());
  const { refreshToken } = await newUser(auth);
  const codeOf = async (text: string) =>
    (await auth.post('/auth/refresh', { refreshToken: text })).body.code;

  for (const text of [
    '',
    'abc',
    refreshToken.slice(0, -1),
    `wtc_${'x'.repeat(22)}.${'y'.repeat(43)}`,
  ]) {
    t.is(await codeOf(text), 'invalid_refresh_token', text);
  }
  t.is(await codeOf(refreshToken.replace(/\..*$/, `.${'y'.repeat(43)}`)), 'refresh_token_reused');
  t.is(await codeOf(refreshToken), 'session_ended');
});

test.serial('refresh – a session unused for two weeks, or ninety days old – is over', async (t) => {
  let at = Date.now();
  const auth = await startAuth(t, server(), { now: () => at });
  const idle = await newUser(auth);
  const kept = await newUser(auth);

  let { refreshToken } = kept;
  for (let days = 0; days < 80; days += 10) {
    at += 10 * DAY;
    const { status, body } = await auth.post('/auth/refresh', { refreshToken });
    t.is(status, 200, `after ${days + 10} days`);
    refreshToken = body.refreshToken;
  }
  at += 10 * DAY + 1_000;

  const over = await auth.post('/auth/refresh', { refreshToken });
  t.is(over.body.code, 'session_ended');
  const unused = await auth.post('/auth/refresh', { refreshToken: idle.refreshToken });
  t.is(unused.body.code, 'session_ended');
});

test('7.A-21 log out – here – ends this session at once, access token included, and no other', async (t) => {
  const auth = await startAuth(t, server());
  const here = await newUser(auth);
  const there = (await auth.post('/auth/login', { email: here.email, password: PASSWORD })).body;

  const out = await auth.post('/auth/logout', undefined, { token: here.token });

  t.is(out.status, 204);
  t.is((await auth.ask('GET', '/auth/me', { token: here.token })).body.code, 'session_ended');
  const { refreshToken } = here;
  t.is((await auth.post('/auth/refresh', { refreshToken })).body.code, 'session_ended');
  t.is((await auth.ask('GET', '/auth/me', { token: there.token })).status, 200);
});

test('7.A-21 log out – everywhere – ends all sessions of this account and of nobody else', async (t) => {
  const auth = await startAuth(t, server());
  const user = await newUser(auth);
  const other = await newUser(auth);
  const { email } = user;
  const second = (await auth.post('/auth/login', { email, password: PASSWORD })).body;

  const { body } = await auth.post('/auth/logout-everywhere', undefined, { token: second.token });

  t.is(body.ended, 2);
  for (const { token } of [user, second]) {
    t.is((await auth.ask('GET', '/auth/me', { token })).body.code, 'session_ended');
  }
  t.is((await auth.ask('GET', '/auth/me', { token: other.token })).status, 200);
});

test('sessions – a list with where and when – of which any can be ended, but only by its owner', async (t) => {
  const auth = await startAuth(t, server());
  const user = await newUser(auth);
  const stranger = await newUser(auth);
  await auth.ask('POST', '/auth/login', {
    body: { email: user.email, password: PASSWORD },
    headers: { 'user-agent': 'A Phone/1.0' },
  });

  const list = async () =>
    (await auth.ask('GET', '/auth/sessions', { token: user.token })).body.sessions;
  const [phone] = (await list()).filter((it: { userAgent: string }) => /Phone/.test(it.userAgent));
  t.like(phone, { current: false });
  t.deepEqual((await list()).map((it: { current: boolean }) => it.current).sort(), [false, true]);

  const path = `/auth/sessions/${phone.id}`;
  t.is((await auth.ask('DELETE', path, { token: stranger.token })).body.code, 'session_not_found');
  t.is((await auth.ask('DELETE', path, { token: user.token })).status, 204);
  t.is((await auth.ask('DELETE', path, { token: user.token })).status, 404);
  t.is((await list()).length, 1);
});

test('7.A-21 role – taken away in the middle of a session – counts at the next request', async (t) => {
  const auth = await startAuth(t, server());
  const { token, id } = await newUser(auth);
  await server().admin.query("UPDATE users SET role = 'organizer' WHERE id = ?", [id]);

  t.is((await auth.ask('GET', '/auth/me', { token })).body.role, 'organizer');
});
