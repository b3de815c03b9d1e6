import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import test from 'ava';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { newUser, startAuth } from './helpers/auth.ts';

const server = useDatabase(test);
const service = new URL('..', import.meta.url);

/** The command as an operator runs it. */
async function admin(...args: string[]) {
  const { host, port, user, password, name } = server().config;
  const env = {
    ...{ PATH: process.env.PATH, DB_HOST: host, DB_PORT: String(port), DB_USER: user },
    ...{ DB_PASSWORD: password.reveal(), DB_NAME: name },
  };
  const options = { cwd: service, env, timeout: 30_000 };
  const argv = ['--conditions=source', 'src/admin.ts', ...args];
  return promisify(execFile)(process.execPath, argv, options).then(
    ({ stdout }) => ({ code: 0, text: stdout }),
    ({ code, stderr }) => ({ code, text: stderr as string }),
  );
}

test('7.A-21 admin – the first one – is made by a command, at once, and unmade by it', async (t) => {
  const auth = await startAuth(t, server());
  const { email, token } = await newUser(auth);
  const open = () => auth.ask('GET', '/auth/organizer-requests', { token });

  t.is((await open()).body.code, 'forbidden');
  t.deepEqual(await admin('grant', email.toUpperCase()), {
    code: 0,
    text: `${email.toUpperCase()} is an admin now\n`,
  });
  t.is((await open()).status, 200);
  t.true((await admin('list')).text.includes(email));
  t.is((await admin('revoke', email)).code, 0);
  t.is((await open()).body.code, 'forbidden');
});

test('admin – an unknown address and words that it does not know – are told with the cure', async (t) => {
  const unknown = await admin('grant', 'nobody@example.com');
  t.is(unknown.code, 1);
  t.regex(unknown.text, /no account has the address nobody@example\.com; sign up first/);
  for (const args of [[], ['grant'], ['list', 'x'], ['drop', 'x']]) {
    t.is((await admin(...args)).code, 2, args.join(' '));
  }
});

test('7.A-13 organizer – asked for and granted by an admin – is one at the next request and hears of it', async (t) => {
  const auth = await startAuth(t, server());
  const boss = await newUser(auth);
  const person = await newUser(auth);
  await server().admin.query("UPDATE users SET role = 'admin' WHERE id = ?", [boss.id]);
  const ask = (key: string) =>
    auth.post(
      '/auth/organizer-requests',
      { message: 'I run a night in Cork' },
      { token: person.token, headers: { 'idempotency-key': key } },
    );

  const first = await ask('one-and-the-same');
  const again = await ask('one-and-the-same');
  const another = await ask('another-key');
  t.deepEqual([first.status, again.body], [201, first.body]);
  t.is(again.headers.get('idempotent-replayed'), 'true');
  t.is(another.body.code, 'request_open');

  const list = await auth.ask('GET', '/auth/organizer-requests', { token: boss.token });
  const found = list.body.requests.find((it: { id: number }) => it.id === first.body.id);
  t.like(found, { message: 'I run a night in Cork', user: { email: person.email } });

  const path = `/auth/organizer-requests/${first.body.id}/decision`;
  const decide = (token: string) =>
    auth.post(path, { decision: 'granted', note: 'Go on' }, { token });
  t.is((await decide(person.token)).status, 403);
  t.like((await decide(boss.token)).body, { status: 'granted', note: 'Go on' });
  t.is((await decide(boss.token)).body.code, 'request_decided');

  t.is((await auth.ask('GET', '/auth/me', { token: person.token })).body.role, 'organizer');
  t.is((await ask('third-key-of-mine')).body.code, 'already_organizer');
  await auth.mailTo(person.email, /organizer now/);
});

test('organizer – one request decided by ten at once – is decided once', async (t) => {
  const auth = await startAuth(t, server());
  const boss = await newUser(auth);
  const person = await newUser(auth);
  await server().admin.query("UPDATE users SET role = 'admin' WHERE id = ?", [boss.id]);
  const { body } = await auth.post(
    '/auth/organizer-requests',
    { message: 'Please' },
    { token: person.token },
  );

  const path = `/auth/organizer-requests/${body.id}/decision`;
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, i) =>
      auth.post(path, { decision: i % 2 ? 'granted' : 'refused' }, { token: boss.token }),
    ),
  );

  t.is(answers.filter(({ status }) => status === 200).length, 1);
  t.true(answers.every((it) => it.status === 200 || it.body.code === 'request_decided'));
});

test('roles – by the API – are user and organizer; an admin is neither made nor unmade by it', async (t) => {
  const auth = await startAuth(t, server());
  const boss = await newUser(auth);
  const person = await newUser(auth);
  await server().admin.query("UPDATE users SET role = 'admin' WHERE id = ?", [boss.id]);
  const set = (id: number, role: string, token = boss.token) =>
    auth.ask('PATCH', `/auth/users/${id}`, { token, body: { role } });

  t.is((await set(person.id, 'organizer')).body.role, 'organizer');
  t.is((await set(person.id, 'user')).body.role, 'user');
  t.is((await set(person.id, 'admin')).body.errors[0].field, 'body.role');
  t.is((await set(boss.id, 'user')).body.code, 'is_admin');
  t.is((await set(999_999, 'user')).body.code, 'user_not_found');
  t.is((await set(person.id, 'organizer', person.token)).status, 403);
});
