import { hashPassword } from '@whatsthecraic/platform/password';
import { Secret } from '@whatsthecraic/platform/secret';
import { createTokens } from '@whatsthecraic/platform/tokens';
import test from 'ava';
import { testTokens, useDatabase } from '../../platform/test/helpers/database.ts';
import { newEmail, startAuth } from './helpers/auth.ts';

const server = useDatabase(test);

async function makeUser(password: string, role = 'user') {
  const email = newEmail();
  const password_hash = await hashPassword(password);
  const id = await server().insert('users', { email, name: 'Somebody', password_hash, role });
  return { id, email };
}

test('login – the right password – gives tokens, of which the one opens /auth/me', async (t) => {
  const auth = await startAuth(t, server());
  const { id, email } = await makeUser('correct horse battery', 'organizer');

  const credentials = { email: email.toUpperCase(), password: 'correct horse battery' };
  const { status, headers, body } = await auth.post('/auth/login', credentials);

  t.is(status, 200);
  t.is(headers.get('cache-control'), 'no-store');
  t.like(body, { tokenType: 'Bearer', expiresIn: 900, user: { id, email, role: 'organizer' } });
  t.deepEqual(Object.keys(body).sort(), [
    'expiresIn',
    'refreshToken',
    'token',
    'tokenType',
    'user',
  ]);
  t.like(createTokens(testTokens).verify(body.token), { id, role: 'organizer' });

  const me = await auth.ask('GET', '/auth/me', { token: body.token });
  t.like(me.body, { id, email, role: 'organizer' });
  const logged = auth.lines.join('');
  t.false(logged.includes('correct horse') || logged.includes(body.token));
  t.false(logged.includes(body.refreshToken));
});

test('7.A-15 login – a wrong password and an unknown address – get one and the same answer', async (t) => {
  const auth = await startAuth(t, server());
  const { email } = await makeUser('right');
  const fixed = ({ instance: _, requestId: __, ...rest }: Record<string, unknown>) => rest;

  const wrong = await auth.post('/auth/login', { email, password: 'wrong' });
  const unknown = await auth.post('/auth/login', { email: newEmail(), password: 'wrong' });

  t.deepEqual(fixed(unknown.body), fixed(wrong.body));
  t.is(wrong.body.code, 'invalid_credentials');
  t.is(wrong.status, 401);
});

test('7.A-15 login – an unknown address – takes as long as a known one', async (t) => {
  const auth = await startAuth(t, server());
  const { email } = await makeUser('right');
  await auth.post('/auth/login', { email: newEmail(), password: 'x' });
  const known: number[] = [];
  const unknown: number[] = [];
  for (let i = 0; i < 8; i++) {
    known.push(await took(() => auth.post('/auth/login', { email, password: 'wrong' })));
    unknown.push(await took(() => auth.post('/auth/login', { email: newEmail(), password: 'x' })));
  }

  // One hash is some 40 ms, an answer without it 2 ms; the machine may be busy with other tests.
  const [a, b] = [Math.min(...known), Math.min(...unknown)];
  t.true(b > 0.2 * a && a > 0.2 * b, `known ${a} ms, unknown ${b} ms`);
});

test('7.A-15 login – a password longer than any person has – is refused before it is hashed', async (t) => {
  const auth = await startAuth(t, server());

  const { status, body } = await auth.post('/auth/login', {
    ...{ email: 'a@example.com', password: 'x'.repeat(129) },
  });

  t.is(status, 400);
  t.deepEqual(
    body.errors.map(({ field }: { field: string }) => field),
    ['body.password'],
  );
  t.false(JSON.stringify(body).includes('xxx'));
});

test('login – a hash made at another cost – is made anew with the password that opens it', async (t) => {
  const auth = await startAuth(t, server());
  const { id, email } = await makeUser('old but gold');
  const weak = '$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$';
  const hash = await weakHash('old but gold', weak);
  await server().admin.query('UPDATE users SET password_hash = ? WHERE id = ?', [hash, id]);

  const login = await auth.post('/auth/login', { email, password: 'old but gold' });

  t.is(login.status, 200);
  const [rows] = await server().admin.query('SELECT password_hash AS h FROM users WHERE id = ?', [
    id,
  ]);
  t.regex((rows as { h: string }[])[0]?.h ?? '', /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  t.is((await auth.post('/auth/login', { email, password: 'old but gold' })).status, 200);
});

test('me – tokens that are missing, forged, of no session or of a deleted account – open nothing', async (t) => {
  const auth = await startAuth(t, server());
  const sign = (secret: Secret, sessionId?: string) =>
    createTokens(secret).sign({ id: 999_999, role: 'admin', ...(sessionId ? { sessionId } : {}) });
  const codeOf = async (token?: string) =>
    (await auth.ask('GET', '/auth/me', token ? { token } : {})).body.code;

  t.is(await codeOf(), 'missing_token');
  t.is(await codeOf(sign(new Secret('o'.repeat(32)), 'x'.repeat(22))), 'invalid_token');
  t.is(await codeOf(sign(testTokens.secret)), 'invalid_token');
  t.is(await codeOf(sign(testTokens.secret, 'x'.repeat(22))), 'session_ended');
});

async function weakHash(password: string, head: string): Promise<string> {
  const { argon2Sync } = await import('node:crypto');
  const nonce = Buffer.from(head.split('$').at(-2) ?? '', 'base64');
  const tag = argon2Sync('argon2id', {
    message: password,
    nonce,
    memory: 8_192,
    passes: 1,
    parallelism: 1,
    tagLength: 32,
  });
  return head + tag.toString('base64').replace(/=+$/, '');
}

async function took(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
