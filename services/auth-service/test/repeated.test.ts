import { randomUUID } from 'node:crypto';
import test from 'ava';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { newEmail, newUser, PASSWORD, startAuth } from './helpers/auth.ts';

const server = useDatabase(test);
const NEW = 'ná bí ag caint seafóide';

/** One request as a client sends it that has lost the answer: the same key, as often as it likes. */
const keyed = (token?: string) => ({
  ...(token ? { token } : {}),
  headers: { 'idempotency-key': randomUUID() },
});
const replayed = ({ headers }: { headers: Headers }) => headers.get('idempotent-replayed');

const rowsOf = async (table: string, column: string, value: string | number) => {
  const [rows] = await server().admin.query('SELECT 1 FROM ?? WHERE ?? = ?', [
    table,
    column,
    value,
  ]);
  return (rows as unknown[]).length;
};

test('sign up – sent again with its key – is one request and one mail, and counts once', async (t) => {
  const auth = await startAuth(t, server());
  const email = newEmail();
  const body = { name: 'Aoife', email, password: PASSWORD };
  const options = keyed();

  const answers = [];
  for (let n = 0; n < 7; n++) answers.push(await auth.post('/auth/signup', body, options));

  t.deepEqual([...new Set(answers.map(({ status }) => status))], [202], 'five mails are the limit');
  t.deepEqual(answers.map(replayed), [null, ...Array(6).fill('true')]);
  t.is(await rowsOf('pending_signups', 'email', email), 1);
  t.is((await auth.post('/auth/email/confirm', { token: await auth.tokenFor(email) })).status, 200);
});

test('sign up – at once with one key – makes one request', async (t) => {
  const auth = await startAuth(t, server());
  const email = newEmail();
  const body = { name: 'Aoife', email, password: PASSWORD };
  const options = keyed();
  // On a busy machine two hashes can take longer than their wait.
  const ask = async () => {
    for (;;) {
      const answer = await auth.post('/auth/signup', body, options);
      if (answer.status !== 503) return answer;
    }
  };

  const answers = await Promise.all([ask(), ask()]);

  t.deepEqual(
    answers.map(({ status }) => status),
    [202, 202],
  );
  t.is(await rowsOf('pending_signups', 'email', email), 1);
});

test('sign up – its key with another name or password – is refused, and no quick hash of the password is kept', async (t) => {
  const auth = await startAuth(t, server());
  const body = { name: 'Aoife', email: newEmail(), password: PASSWORD };
  const options = keyed();
  await auth.post('/auth/signup', body, options);

  for (const change of [{ name: 'Sorcha' }, { password: NEW }]) {
    const { status, body: told } = await auth.post('/auth/signup', { ...body, ...change }, options);
    t.deepEqual([status, told.code], [422, 'idempotency_key_reused'], JSON.stringify(change));
  }
  const [rows] = await server().admin.query(
    'SELECT * FROM idempotency_keys WHERE idempotency_key = ?',
    [options.headers['idempotency-key']],
  );
  const text = JSON.stringify(rows);
  t.regex(text, /argon2id/);
  t.false(text.includes(PASSWORD) || text.includes(body.email));
});

test('confirm – sent again with its key – says what it said; without one the link is used up', async (t) => {
  const auth = await startAuth(t, server());
  const email = newEmail();
  await auth.post('/auth/signup', { name: 'A', email, password: PASSWORD });
  const token = await auth.tokenFor(email);
  const options = keyed();

  const first = await auth.post('/auth/email/confirm', { token }, options);
  const again = await auth.post('/auth/email/confirm', { token }, options);
  const other = await auth.post('/auth/email/confirm', { token });

  t.deepEqual([again.status, again.body], [200, first.body]);
  t.is(replayed(again), 'true');
  t.is(other.body.code, 'invalid_one_time_token');
});

test('mails – asked for again with the same key – are sent once and counted once', async (t) => {
  const auth = await startAuth(t, server(), { config: {} });
  const email = newEmail();
  const forgot = keyed();

  const statuses = [];
  for (let n = 0; n < 7; n++) {
    statuses.push((await auth.post('/auth/password/forgot', { email }, forgot)).status);
  }

  t.deepEqual([...new Set(statuses)], [202]);
  t.is(
    (await auth.post('/auth/password/forgot', { email: newEmail() }, forgot)).status,
    202,
    'of another mailbox',
  );
});

test('reset – sent again with its key – changes nothing more; with another password it is refused', async (t) => {
  const auth = await startAuth(t, server());
  const { email } = await newUser(auth);
  await auth.post('/auth/password/forgot', { email });
  const token = await auth.tokenFor(email, /new password/);
  const options = keyed();
  const reset = (password: string) =>
    auth.post('/auth/password/reset', { token, password }, options);

  const first = await reset(NEW);
  const again = await reset(NEW);
  const other = await reset(`${NEW}!`);

  t.deepEqual([first.status, again.status, replayed(again)], [204, 204, 'true']);
  t.deepEqual([other.status, other.body.code], [422, 'idempotency_key_reused']);
  t.is((await auth.post('/auth/login', { email, password: NEW })).status, 200);
});

test('change – the own password, sent again with its key – is done and not “wrong”', async (t) => {
  const auth = await startAuth(t, server());
  const { token } = await newUser(auth);
  const options = keyed(token);
  const change = (newPassword: string) =>
    auth.post('/auth/me/password', { password: PASSWORD, newPassword }, options);

  const first = await change(NEW);
  const again = await change(NEW);
  const other = await change(`${NEW}!`);

  t.deepEqual([first.status, again.status, replayed(again)], [204, 204, 'true']);
  t.is(other.body.code, 'idempotency_key_reused');
});

test('organizer – a decision sent again with its key – is the same one; another under it is refused', async (t) => {
  const auth = await startAuth(t, server());
  const boss = await newUser(auth);
  const person = await newUser(auth);
  await server().admin.query("UPDATE users SET role = 'admin' WHERE id = ?", [boss.id]);
  const asked = await auth.post(
    '/auth/organizer-requests',
    { message: 'Please' },
    { token: person.token },
  );
  const options = keyed(boss.token);
  const decide = (decision: string) =>
    auth.post(`/auth/organizer-requests/${asked.body.id}/decision`, { decision }, options);

  const first = await decide('granted');
  const again = await decide('granted');
  const other = await decide('refused');

  t.deepEqual([again.status, again.body], [200, first.body]);
  t.is(replayed(again), 'true');
  t.is(other.body.code, 'idempotency_key_reused');
  t.is(await rowsOf('account_events', 'user_id', person.id), 3, 'created, confirmed, role changed');
});
