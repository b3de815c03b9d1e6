import test from 'ava';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { until } from '../../platform/test/helpers/start.ts';
import { newEmail, newUser, PASSWORD, startAuth } from './helpers/auth.ts';
import { testMail } from './helpers/mail-config.ts';

const server = useDatabase(test);
const countOf = async (email: string) => {
  const [rows] = await server().admin.query('SELECT COUNT(*) AS n FROM users WHERE email = ?', [
    email,
  ]);
  return (rows as { n: number }[])[0]?.n;
};

test('sign up – a new address – becomes an account when its mailbox has answered, and logs in', async (t) => {
  const auth = await startAuth(t, server());
  const email = newEmail();
  const ask = { name: '  Aoife   Ní Bhriain ', email: email.toUpperCase(), password: PASSWORD };

  const asked = await auth.post('/auth/signup', ask);
  const before = await auth.post('/auth/login', { email, password: PASSWORD });
  const token = await auth.tokenFor(email);
  const confirmed = await auth.post('/auth/email/confirm', { token });
  const again = await auth.post('/auth/email/confirm', { token });
  const login = await auth.post('/auth/login', { email, password: PASSWORD });

  t.is(asked.status, 202);
  t.is(asked.body.next, 'confirm');
  t.is(before.body.code, 'invalid_credentials');
  t.deepEqual([confirmed.status, confirmed.body.email], [200, email]);
  t.deepEqual([again.status, again.body.code], [400, 'invalid_one_time_token']);
  t.is(login.status, 200);
  t.like(login.body.user, { name: 'Aoife Ní Bhriain', email, emailConfirmed: true, role: 'user' });
  t.false(auth.lines.join('').includes(PASSWORD));
});

test('7.A-15 sign up – an address that has an account – is answered like a new one, and its owner is told', async (t) => {
  const auth = await startAuth(t, server());
  const { email } = await newUser(auth);
  const body = { name: 'Mallory', email, password: 'another fine password' };

  const taken = await auth.post('/auth/signup', body);
  const fresh = await auth.post('/auth/signup', { ...body, email: newEmail() });

  t.deepEqual([taken.status, taken.body], [fresh.status, fresh.body]);
  t.regex(await auth.mailTo(email, /have an account/), /nothing has changed/);
  t.is((await auth.post('/auth/login', { email, password: PASSWORD })).status, 200);
  t.is((await auth.post('/auth/login', { email, password: body.password })).status, 401);
});

test('7.A-13 sign up – a role in the body – is refused by name, and nobody becomes an organizer by asking', async (t) => {
  const auth = await startAuth(t, server());
  const email = newEmail();

  const { status, body } = await auth.post('/auth/signup', {
    ...{ name: 'Eve', email, password: PASSWORD, role: 'organizer' },
  });

  t.is(status, 400);
  t.is(body.errors[0].field, 'body.role');
  t.is(await countOf(email), 0);
});

test('7.B-29 sign up – at once with one address, on two replicas – are answered alike and make one account', async (t) => {
  const quiet = { mail: { ...testMail, environment: 'production' } };
  const replicas = [
    await startAuth(t, server(), { config: quiet }),
    await startAuth(t, server(), { config: quiet }),
  ];
  const email = newEmail();

  // As a client does, again after login_busy: on a busy machine four hashes take longer than their wait.
  const ask = async (i: number) => {
    for (;;) {
      const body = { name: `N${i}`, email, password: `${PASSWORD} ${i}` };
      const answer = await replicas[i % 2]?.post('/auth/signup', body);
      if (answer?.status !== 503) return answer;
    }
  };
  const answers = await Promise.all(Array.from({ length: 4 }, (_, i) => ask(i)));

  t.deepEqual([...new Set(answers.map((it) => it?.status))], [202]);
  t.is(new Set(answers.map((it) => JSON.stringify(it?.body))).size, 1);
  t.is(await countOf(email), 1);
});

test('sign up – two links of one address followed at once – make one account, the other says so', async (t) => {
  const auth = await startAuth(t, server());
  const email = newEmail();
  const tokens: string[] = [];
  for (const name of ['First', 'Second']) {
    await auth.post('/auth/signup', { name, email, password: PASSWORD });
    await until(async () => (await auth.mailTo(email)).includes(`Hello ${name}`), 10_000);
    tokens.push(await auth.tokenFor(email));
  }

  const answers = await Promise.all(
    tokens.map((token) => auth.post('/auth/email/confirm', { token })),
  );

  t.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
  t.is(answers.find(({ status }) => status === 409)?.body.code, 'email_taken');
  t.is(await countOf(email), 1);
});

test('sign up – where no mail can be sent – makes the account at once and says what to do', async (t) => {
  const auth = await startAuth(t, server(), {
    config: { mail: { ...testMail, environment: 'production' } },
  });
  const email = newEmail();

  const { status, body } = await auth.post('/auth/signup', {
    name: 'A',
    email,
    password: PASSWORD,
  });
  const login = await auth.post('/auth/login', { email, password: PASSWORD });
  const forgot = await auth.post('/auth/password/forgot', { email });

  t.deepEqual([status, body.next], [202, 'login']);
  t.is(login.status, 200);
  t.false(login.body.user.emailConfirmed);
  t.deepEqual([forgot.status, forgot.body.code], [503, 'mail_not_configured']);
  t.is(JSON.stringify(auth.lines).includes('mail, since'), false);
});

test('sign up – passwords that cannot stand – are refused with the field', async (t) => {
  const auth = await startAuth(t, server());
  const ask = (password: string) =>
    auth.post('/auth/signup', { name: 'A', email: newEmail(), password });

  for (const short of ['', 'seven77', 'x'.repeat(129)]) {
    const { status, body } = await ask(short);
    t.deepEqual(
      [status, body.code, body.errors[0].field],
      [400, 'invalid_request', 'body.password'],
    );
  }
  const common = await ask('PassWord1');
  t.deepEqual([common.status, common.body.code], [422, 'password_too_common']);
  t.is(common.body.errors[0].field, 'body.password');
  t.is((await ask(`${'ó'.repeat(63)} `)).status, 202, 'long and not composed by rules');
});

test('sign up – one address of the network without end – is slowed down after twenty', async (t) => {
  const auth = await startAuth(t, server(), {
    config: { mail: { ...testMail, environment: 'production' } },
  });
  const headers = { 'x-forwarded-for': '203.0.113.77' };
  const ask = () =>
    auth.post('/auth/signup', { name: 'A', email: newEmail(), password: 'password1' }, { headers });

  const statuses: number[] = [];
  for (let i = 0; i < 21; i++) statuses.push((await ask()).status);

  t.deepEqual(statuses, [...Array(20).fill(422), 429]);
});
