import test from 'ava';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { until } from '../../platform/test/helpers/start.ts';
import { newEmail, newUser, PASSWORD, startAuth } from './helpers/auth.ts';

const server = useDatabase(test);
// All services of a file send from one outbox: one with a clock of its own must be alone with it.
const NEW = 'ná bí ag caint seafóide';
const MINUTE = 60_000;

test('7.A-1 reset – an address and a new password without proof – change nothing', async (t) => {
  const auth = await startAuth(t, server());
  const { email } = await newUser(auth);

  const asked = await auth.post('/auth/password/reset', { email, newPassword: 'x' });
  const guessed = await auth.post('/auth/password/reset', { token: 'x'.repeat(43), password: NEW });

  t.is(asked.status, 400);
  t.deepEqual([guessed.status, guessed.body.code], [400, 'invalid_one_time_token']);
  t.is((await auth.post('/auth/login', { email, password: PASSWORD })).status, 200);
});

test('7.A-1 reset – the link of the mail – sets the password once and ends every session', async (t) => {
  const auth = await startAuth(t, server());
  const { email, token, refreshToken } = await newUser(auth);

  const asked = await auth.post('/auth/password/forgot', { email: email.toUpperCase() });
  const link = await auth.tokenFor(email, /new password/);
  const short = await auth.post('/auth/password/reset', { token: link, password: 'short' });
  const done = await auth.post('/auth/password/reset', { token: link, password: NEW });
  const again = await auth.post('/auth/password/reset', { token: link, password: `${NEW}!` });

  t.is(asked.status, 202);
  t.is(short.status, 400, 'a bad password does not use the link up');
  t.is(done.status, 204);
  t.is(again.body.code, 'invalid_one_time_token');
  t.is((await auth.ask('GET', '/auth/me', { token })).body.code, 'session_ended');
  t.is((await auth.post('/auth/refresh', { refreshToken })).body.code, 'session_ended');
  t.is((await auth.post('/auth/login', { email, password: PASSWORD })).status, 401);
  t.is((await auth.post('/auth/login', { email, password: NEW })).status, 200);
  t.regex(await auth.mailTo(email, /set anew/), /all sessions were ended/);
});

test('7.A-1 reset – an address without an account – is answered like one with, and nothing is sent', async (t) => {
  const auth = await startAuth(t, server());
  const { email } = await newUser(auth);
  const unknown = newEmail();

  const known = await auth.post('/auth/password/forgot', { email });
  const other = await auth.post('/auth/password/forgot', { email: unknown });

  t.deepEqual([other.status, other.body], [known.status, known.body]);
  await auth.tokenFor(email, /new password/);
  await settled(unknown);
  t.false(auth.lines.some((line) => line.includes(unknown)));
});

test.serial(
  'reset – a link half an hour old, and one that a newer mail replaced – are worth nothing',
  async (t) => {
    let at = Date.now();
    const auth = await startAuth(t, server(), { now: () => at });
    const { email } = await newUser(auth);
    const ask = () => auth.post('/auth/password/forgot', { email });
    const codeOf = async (token: string) =>
      (await auth.post('/auth/password/reset', { token, password: NEW })).body.code;

    await ask();
    const first = await auth.tokenFor(email, /new password/);
    await ask();
    let second = first;
    await until(async () => {
      second = await auth.tokenFor(email, /new password/);
      return second !== first;
    }, 10_000);
    t.is(await codeOf(first), 'invalid_one_time_token');

    at += 31 * MINUTE;
    t.is(await codeOf(second), 'invalid_one_time_token');
  },
);

test('reset – one link used four times at once – sets one password', async (t) => {
  const auth = await startAuth(t, server());
  const { email } = await newUser(auth);
  await auth.post('/auth/password/forgot', { email });
  const token = await auth.tokenFor(email, /new password/);

  const answers = await Promise.all(
    Array.from({ length: 4 }, (_, i) =>
      auth.post('/auth/password/reset', { token, password: `${NEW} ${i}` }),
    ),
  );

  t.is(answers.filter(({ status }) => status === 204).length, 1);
  t.true(
    answers.every(({ status, body }) => status === 204 || body.code === 'invalid_one_time_token'),
  );
});

test('reset – a token of another purpose – is no reset token, and is not used up by the attempt', async (t) => {
  const auth = await startAuth(t, server());
  const email = newEmail();
  await auth.post('/auth/signup', { name: 'A', email, password: PASSWORD });
  const token = await auth.tokenFor(email);

  const { body } = await auth.post('/auth/password/reset', { token, password: NEW });

  t.is(body.code, 'invalid_one_time_token');
  t.is((await auth.post('/auth/email/confirm', { token })).status, 200);
});

test('forgot – one mailbox – gets five mails an hour and no more, known or not', async (t) => {
  const auth = await startAuth(t, server());
  const statuses = async (email: string) => {
    const all: number[] = [];
    for (let i = 0; i < 6; i++) {
      all.push((await auth.post('/auth/password/forgot', { email }, from(i))).status);
    }
    return all;
  };
  const from = (i: number) => ({ headers: { 'x-forwarded-for': `203.0.113.${i + 1}` } });

  t.deepEqual(await statuses(newEmail()), [202, 202, 202, 202, 202, 429]);
});

test('7.B-18 change – the own password – needs the old one, keeps this session and ends the others', async (t) => {
  const auth = await startAuth(t, server());
  const { email, token } = await newUser(auth);
  const other = (await auth.post('/auth/login', { email, password: PASSWORD })).body;
  const change = (password: string, newPassword: string) =>
    auth.post('/auth/me/password', { password, newPassword }, { token });

  const wrong = await change('not it at all', NEW);
  const common = await change(PASSWORD, 'password1');
  const done = await change(PASSWORD, NEW);

  t.deepEqual([wrong.status, wrong.body.code], [403, 'wrong_password']);
  t.deepEqual([common.status, common.body.errors[0].field], [422, 'body.newPassword']);
  t.is(done.status, 204);
  t.is((await auth.ask('GET', '/auth/me', { token })).status, 200);
  t.is((await auth.ask('GET', '/auth/me', { token: other.token })).body.code, 'session_ended');
  t.is((await auth.post('/auth/login', { email, password: NEW })).status, 200);
  t.regex(await auth.mailTo(email, /changed/), /If it was not you/);
});

test('change – the old password guessed within a session – is slowed down after ten', async (t) => {
  const auth = await startAuth(t, server());
  const { token } = await newUser(auth);

  const answers: number[] = [];
  for (let i = 0; i < 11; i++) {
    const body = { password: `guess ${i}`, newPassword: NEW };
    answers.push((await auth.post('/auth/me/password', body, { token })).status);
  }

  t.deepEqual(answers, [...Array(10).fill(403), 429]);
});

/** Waits until what was to be mailed to this address is settled: then its row names nobody any more. */
const settled = (email: string): Promise<void> =>
  until(async () => {
    const sql = "SELECT 1 FROM mail_outbox WHERE recipient = ? AND state = 'waiting'";
    const [rows] = await server().admin.query(sql, [email]);
    return (rows as unknown[]).length === 0;
  }, 10_000);
