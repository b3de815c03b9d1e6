import test from 'ava';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { until } from '../../platform/test/helpers/start.ts';
import { newEmail, newUser, PASSWORD, startAuth } from './helpers/auth.ts';
import { testMail } from './helpers/mail-config.ts';

const server = useDatabase(test);

test('7.B-18 address – asked for and confirmed at the new mailbox – moves, and the old one is told twice', async (t) => {
  const auth = await startAuth(t, server());
  const { email, token } = await newUser(auth);
  const next = newEmail();

  const asked = await auth.post(
    '/auth/me/email',
    { email: next.toUpperCase(), password: PASSWORD },
    { token },
  );
  const before = await auth.ask('GET', '/auth/me', { token });
  const link = await auth.tokenFor(next, /new address/);
  t.regex(await auth.mailTo(email, /is to have another/), /If it was not you, set a new password/);
  const confirmed = await auth.post('/auth/email/confirm', { token: link });

  t.is(asked.status, 202);
  t.is(before.body.email, email, 'nothing changes before');
  t.deepEqual([confirmed.status, confirmed.body.email], [200, next]);
  t.like((await auth.ask('GET', '/auth/me', { token })).body, {
    email: next,
    emailConfirmed: true,
  });
  t.is((await auth.post('/auth/login', { email: next, password: PASSWORD })).status, 200);
  t.is((await auth.post('/auth/login', { email, password: PASSWORD })).status, 401);
  t.regex(await auth.mailTo(email, /has another address/), /If it was not you/);
  const { body } = await auth.ask('GET', '/auth/me/export', { token });
  t.true(body.history.some(({ what }: { what: string }) => what === 'email_changed'));
});

test('address – to be moved – needs the password, another address, and mail', async (t) => {
  const auth = await startAuth(t, server());
  const quiet = await startAuth(t, server(), {
    config: { mail: { ...testMail, environment: 'production' } },
  });
  const { email, token } = await newUser(auth);
  const move = (to: string, password = PASSWORD, by = auth) =>
    by.post('/auth/me/email', { email: to, password }, { token });

  t.is((await move(newEmail(), 'not it')).body.code, 'wrong_password');
  t.is((await move(email)).body.code, 'email_same');
  t.is((await move('nobody')).body.errors[0].field, 'body.email');
  t.is((await move(newEmail(), PASSWORD, quiet)).body.code, 'mail_not_configured');
});

test('address – one that has an account – is answered like any other, and its owner alone hears why', async (t) => {
  const auth = await startAuth(t, server());
  const other = await newUser(auth);
  const { token } = await newUser(auth);
  const move = (email: string) =>
    auth.post('/auth/me/email', { email, password: PASSWORD }, { token });

  const taken = await move(other.email);
  const free = await move(newEmail());

  t.deepEqual([taken.status, taken.body], [free.status, free.body]);
  t.regex(await auth.mailTo(other.email, /have an account/), /nothing has changed/);
});

test('address – taken by another account before the link is followed – stays with that one', async (t) => {
  const auth = await startAuth(t, server());
  const { email, token } = await newUser(auth);
  const next = newEmail();
  await auth.post('/auth/me/email', { email: next, password: PASSWORD }, { token });
  const link = await auth.tokenFor(next, /new address/);
  await server().insert('users', { email: next, name: 'Quicker', password_hash: '$argon2id$none' });

  const { status, body } = await auth.post('/auth/email/confirm', { token: link });

  t.deepEqual([status, body.code], [409, 'email_taken']);
  t.is((await auth.ask('GET', '/auth/me', { token })).body.email, email);
});

test('address – moved – makes the links worthless that the old mailbox has got', async (t) => {
  const auth = await startAuth(t, server());
  const { email, token } = await newUser(auth);
  await auth.post('/auth/password/forgot', { email });
  const reset = await auth.tokenFor(email, /new password/);
  const next = newEmail();
  await auth.post('/auth/me/email', { email: next, password: PASSWORD }, { token });
  await auth.post('/auth/email/confirm', { token: await auth.tokenFor(next, /new address/) });

  const { body } = await auth.post('/auth/password/reset', {
    token: reset,
    password: `${PASSWORD}!`,
  });

  t.is(body.code, 'invalid_one_time_token');
});

test('address – asked to move twice – follows the newer link only', async (t) => {
  const auth = await startAuth(t, server());
  const { token } = await newUser(auth);
  const [first, second] = [newEmail(), newEmail()];
  const links: string[] = [];
  for (const email of [first, second]) {
    await auth.post('/auth/me/email', { email, password: PASSWORD }, { token });
    await until(async () => (await auth.mailTo(email, /new address/)) !== '', 10_000);
    links.push(await auth.tokenFor(email, /new address/));
  }

  const [old, newer] = await Promise.all(
    links.map((link) => auth.post('/auth/email/confirm', { token: link })),
  );

  t.is(old?.body.code, 'invalid_one_time_token');
  t.is(newer?.body.email, second);
});
