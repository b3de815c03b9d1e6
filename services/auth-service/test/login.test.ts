import { createLog } from '@whatsthecraic/platform/log';
import { hashPassword } from '@whatsthecraic/platform/password';
import { Secret } from '@whatsthecraic/platform/secret';
import { createTokens } from '@whatsthecraic/platform/tokens';
import test, { type ExecutionContext } from 'ava';
import { testServerConfig, useDatabase } from '../../platform/test/helpers/database.ts';
import { startService, until } from '../../platform/test/helpers/start.ts';
import { createAuthService } from '../src/app.ts';

const server = useDatabase(test);
const secret = new Secret('t'.repeat(32));

async function start(t: ExecutionContext) {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const config = { ...testServerConfig, database: server().config, tokens: { secret } };
  const service = createAuthService(config, {
    checkResponses: true,
    log: createLog({ service: 'auth-service', level: 'debug', destination }),
  });
  const { url } = await startService(t, service);
  await until(async () => (await fetch(`${url}/readyz`)).ok);
  const logIn = (body: unknown) =>
    fetch(`${url}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  return { url, logIn, lines };
}

let made = 0;
async function makeUser(password: string, role = 'user') {
  made += 1;
  const email = `person${made}@example.com`;
  const password_hash = await hashPassword(password);
  const id = await server().insert('users', { email, name: `Person ${made}`, password_hash, role });
  return { id, email };
}

test('login – the right password – gives a token that opens /auth/me', async (t) => {
  const { url, logIn, lines } = await start(t);
  const { id, email } = await makeUser('correct horse battery', 'organizer');

  const answer = await logIn({ email: email.toUpperCase(), password: 'correct horse battery' });
  const body = (await answer.json()) as { token: string };

  t.is(answer.status, 200);
  t.is(answer.headers.get('cache-control'), 'no-store');
  t.like(body, {
    tokenType: 'Bearer',
    expiresIn: 900,
    user: { id, email, role: 'organizer' },
  });
  t.deepEqual(Object.keys(body).sort(), ['expiresIn', 'token', 'tokenType', 'user']);
  t.deepEqual(createTokens(secret).verify(body.token), { id, role: 'organizer' });

  const me = await fetch(`${url}/auth/me`, { headers: { authorization: `Bearer ${body.token}` } });
  t.like(await me.json(), { id, email, role: 'organizer' });
  const logged = lines.join('');
  t.false(logged.includes('correct horse') || logged.includes(body.token));
});

test('login – a wrong password and an unknown address – get one and the same answer', async (t) => {
  const { logIn } = await start(t);
  const { email } = await makeUser('right');
  const {
    instance: _,
    requestId: __,
    ...wrong
  } = await problemOf(await logIn({ email, password: 'wrong' }));

  const unknown = await problemOf(await logIn({ email: 'nobody@example.com', password: 'wrong' }));

  t.like(unknown, wrong);
  t.is(wrong.code, 'invalid_credentials');
  t.is(wrong.status, 401);
});

test('login – an unknown address – takes as long as a known one', async (t) => {
  const { logIn } = await start(t);
  const { email } = await makeUser('right');
  await logIn({ email: 'warm-up@example.com', password: 'x' });
  const known: number[] = [];
  const unknown: number[] = [];
  for (let i = 0; i < 8; i++) {
    known.push(await took(() => logIn({ email, password: 'wrong' })));
    unknown.push(await took(() => logIn({ email: `nobody${i}@example.com`, password: 'wrong' })));
  }

  // One hash is some 40 ms, an answer without it 2 ms; the machine may be busy with other tests.
  const [a, b] = [Math.min(...known), Math.min(...unknown)];
  t.true(b > 0.2 * a && a > 0.2 * b, `known ${a} ms, unknown ${b} ms`);
});

test('login – a password longer than any person has – is refused before it is hashed', async (t) => {
  const { logIn } = await start(t);

  const answer = await logIn({ email: 'a@example.com', password: 'x'.repeat(129) });

  t.is(answer.status, 400);
  const problem = await problemOf(answer);
  t.deepEqual(
    problem.errors?.map(({ field }) => field),
    ['body.password'],
  );
  t.false(JSON.stringify(problem).includes('xxx'));
});

test('me – the account is gone – says so', async (t) => {
  const { url } = await start(t);
  const token = createTokens(secret).sign({ id: 999_999, role: 'admin' });

  const answer = await fetch(`${url}/auth/me`, { headers: { authorization: `Bearer ${token}` } });

  t.is(answer.status, 401);
  t.is((await problemOf(answer)).code, 'account_gone');
});

test('me – no token, and one signed with another key – are turned away', async (t) => {
  const { url } = await start(t);
  const other = createTokens(new Secret('o'.repeat(32))).sign({ id: 1, role: 'admin' });

  const without = await fetch(`${url}/auth/me`);
  const forged = await fetch(`${url}/auth/me`, { headers: { authorization: `Bearer ${other}` } });

  t.is((await problemOf(without)).code, 'missing_token');
  t.is((await problemOf(forged)).code, 'invalid_token');
});

interface TestProblem extends Record<string, unknown> {
  readonly code: string;
  readonly status: number;
  readonly errors?: { field: string }[];
}

async function problemOf(answer: Response): Promise<TestProblem> {
  return (await answer.json()) as TestProblem;
}

async function took(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
