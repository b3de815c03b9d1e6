import test from 'ava';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { sections } from '../src/domain/export.ts';
import { newUser, PASSWORD, startAuth } from './helpers/auth.ts';

const server = useDatabase(test);

test('7.B-18 profile – a change of what is named – leaves all else, and an empty one changes nothing', async (t) => {
  const auth = await startAuth(t, server());
  const { email, token } = await newUser(auth);

  const changed = await auth.ask('PATCH', '/auth/me', { token, body: { name: 'Sorcha' } });
  const empty = await auth.ask('PATCH', '/auth/me', { token, body: {} });

  t.like(changed.body, { name: 'Sorcha', email, role: 'user', emailConfirmed: true });
  t.deepEqual(empty.body, changed.body);
});

test('profile – fields that are not to be changed here, or not at all – are refused by name', async (t) => {
  const auth = await startAuth(t, server());
  const { token } = await newUser(auth);

  for (const field of ['role', 'email', 'id', 'emailConfirmed']) {
    const { status, body } = await auth.ask('PATCH', '/auth/me', { token, body: { [field]: 'x' } });
    t.deepEqual([status, body.errors[0].field], [400, `body.${field}`]);
  }
  const { body } = await auth.ask('PATCH', '/auth/me', { token, body: { name: ' \u0000 ' } });
  t.is(body.errors[0].field, 'body.name');
});

test('7.B-18 delete – the own account – needs the password and takes with it all that hangs on it', async (t) => {
  const auth = await startAuth(t, server());
  const { email, token, id, refreshToken } = await newUser(auth);
  const starts_at = new Date(Date.now() + 86_400_000);
  const event = await server().insert('events', {
    uid: email,
    title: 'T',
    city: 'Cork',
    starts_at,
  });
  await server().insert('event_saves', { user_id: id, event_id: event });

  const wrong = await auth.post('/auth/me/deletion', { password: 'not it' }, { token });
  const done = await auth.post('/auth/me/deletion', { password: PASSWORD }, { token });

  t.is(wrong.body.code, 'wrong_password');
  t.is(done.status, 204);
  t.is((await auth.ask('GET', '/auth/me', { token })).body.code, 'session_ended');
  t.is((await auth.post('/auth/refresh', { refreshToken })).body.code, 'invalid_refresh_token');
  t.is((await auth.post('/auth/login', { email, password: PASSWORD })).status, 401);
  const [tables] = await server().admin.query(
    `SELECT table_name AS name, column_name AS col FROM information_schema.columns
     WHERE table_schema = DATABASE() AND column_name = 'user_id'`,
  );
  for (const { name, col } of tables as { name: string; col: string }[]) {
    const [rows] = await server().admin.query('SELECT 1 FROM ?? WHERE ?? = ?', [name, col, id]);
    t.is((rows as unknown[]).length, 0, `${name} keeps nothing of a deleted account`);
  }
  t.true((tables as unknown[]).length > 5);
});

test('export – all that is kept of a person – and no secret, nor anything of others', async (t) => {
  const auth = await startAuth(t, server());
  const other = await newUser(auth);
  const { email, token, id } = await newUser(auth);
  await auth.ask('PATCH', '/auth/me', { token, body: { name: 'Sorcha' } });

  const { status, body } = await auth.ask('GET', '/auth/me/export', { token });

  t.is(status, 200);
  t.like(body.account, { id, email, name: 'Sorcha' });
  t.is(body.sessions.length, 1);
  t.deepEqual(
    body.history.map(({ what }: { what: string }) => what),
    ['created', 'email_confirmed'],
  );
  for (const part of ['organizerRequests', 'preferences', 'savedEvents', 'calendarFeed'])
    t.deepEqual(body[part], []);
  const text = JSON.stringify(body);
  t.notRegex(text, /hash|argon|chain_?key/i);
  t.false(text.includes(other.email));
});

test('export – calendar feed, alerts and what came of them, marks under a former number – are told as they stand', async (t) => {
  const auth = await startAuth(t, server());
  const other = await newUser(auth);
  const { token, id } = await newUser(auth);
  const { insert } = server();
  const at = new Date('2026-10-01T12:00:00Z');
  const makeEvent = (uid: string, title: string, row = {}) =>
    insert('events', { uid: `${uid}-${id}`, title, city: 'Cork', starts_at: at, ...row });
  const living = await makeEvent('living', 'Lankum in Cork');
  const former = await makeEvent('former', 'Lankum', { merged_into: living });
  await insert('event_saves', { user_id: id, event_id: former, saved_at: at });
  await insert('calendar_feeds', { user_id: id, token_hash: Buffer.alloc(32, 7), created_at: at });
  const wish = { artist_slug: 'lankum', artist_name: 'Lankum', created_at: at, checked_at: at };
  const alert = await insert('alerts', { user_id: id, ...wish, paused_at: at });
  await insert('alert_notices', {
    ...{ user_id: id, event_id: living, alert_id: alert, found_at: at, told_at: at },
  });
  await insert('alert_notices', { user_id: other.id, event_id: former, found_at: at });

  const { body } = await auth.ask('GET', '/auth/me/export', { token });

  const event = { eventId: living, title: 'Lankum in Cork', startsAt: at.toISOString() };
  const then = at.toISOString();
  t.deepEqual(body.savedEvents, [{ ...event, savedAt: then }]);
  t.deepEqual(body.calendarFeed, [{ createdAt: then, readAt: null }]);
  t.like(body.alerts, [{ id: alert, artist: 'Lankum', createdAt: then, pausedAt: then }]);
  t.deepEqual(body.alertNotices, [{ ...event, alertId: alert, foundAt: then, toldAt: then }]);
});

/** Of these nothing is told: proofs that only their owner has, and what is gone within the hour. */
const UNTOLD = ['alert_unsubscribes', 'feeds', 'one_time_tokens', 'spotify_attempts'];

test('export – each table with rows of people – is told of, or says why not', async (t) => {
  const [tables] = await server().admin.query(
    `SELECT table_name AS name FROM information_schema.columns
     WHERE table_schema = DATABASE() AND column_name = 'user_id' ORDER BY table_name`,
  );
  const names = (tables as { name: string }[]).map(({ name }) => name);
  t.true(names.length > 15);
  const isTold = (name: string) =>
    Object.values(sections).some((sql) => new RegExp(`\\b${name}\\b`).test(sql));
  t.deepEqual(
    names.filter((name) => !isTold(name)),
    UNTOLD,
  );
});
