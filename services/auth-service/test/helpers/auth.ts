import { createLog } from '@whatsthecraic/platform/log';
import type { ExecutionContext } from 'ava';
import {
  type TestDatabase,
  testServerConfig,
  testTokens,
} from '../../../platform/test/helpers/database.ts';
import { startService, until } from '../../../platform/test/helpers/start.ts';
import { createAuthService } from '../../src/app.ts';
import type { Config } from '../../src/config.ts';
import { testMail } from './mail-config.ts';
import { noSpotify } from './spotify-config.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test says by its assertions what it expects
  readonly body: any;
}

interface Ask {
  readonly body?: unknown;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface AuthUnderTest {
  readonly url: string;
  /** Every line logged so far. */
  readonly lines: readonly string[];
  ask(method: string, path: string, options?: Ask): Promise<Answer>;
  post(path: string, body: unknown, options?: Ask): Promise<Answer>;
  /** The newest mail to this address, as the log of a developer's service shows it. */
  mailTo(address: string, subject?: RegExp): Promise<string>;
  /** The token in the link of that mail. */
  tokenFor(address: string, subject?: RegExp): Promise<string>;
}

interface Options {
  readonly config?: Partial<Config>;
  readonly now?: () => number;
}

/** Of all services of this file: whichever of them takes a mail from their one outbox logs it. */
const mails: { to?: string; subject: string; text: string }[] = [];

/** An auth-service on the test's own database. */
export async function startAuth(
  t: ExecutionContext,
  database: TestDatabase,
  { config = {}, now }: Options = {},
): Promise<AuthUnderTest> {
  const lines: string[] = [];
  const write = (line: string) => {
    lines.push(line);
    if (line.includes('"mail, since')) mails.push(JSON.parse(line));
  };
  const service = createAuthService(
    {
      ...testServerConfig,
      database: database.config,
      tokens: testTokens,
      mail: testMail,
      ...noSpotify,
      ...config,
    },
    {
      checkResponses: true,
      log: createLog({ service: 'auth-service', level: 'debug', destination: { write } }),
      ...(now ? { now } : {}),
    },
  );
  const { url } = await startService(t, service);
  await until(async () => (await fetch(`${url}/readyz`)).ok);

  const ask: AuthUnderTest['ask'] = async (method, path, { body, token, headers = {} } = {}) => {
    const answer = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = /json/.test(answer.headers.get('content-type') ?? '');
    return {
      status: answer.status,
      headers: answer.headers,
      body: isJson ? JSON.parse(text) : text,
    };
  };

  const mailTo: AuthUnderTest['mailTo'] = async (address, subject = /./) => {
    const find = () => mails.findLast((it) => it.to === address && subject.test(it.subject));
    await until(() => find() !== undefined, 10_000);
    return find()?.text ?? '';
  };

  return {
    url,
    lines,
    ask,
    post: (path, body, options) => ask('POST', path, { ...options, body }),
    mailTo,
    async tokenFor(address, subject) {
      return /token=([\w-]{43})/.exec(await mailTo(address, subject))?.[1] ?? '';
    },
  };
}

let made = 0;

/** An address that no other test has. */
export function newEmail(): string {
  made += 1;
  return `person${made}-${process.pid}@example.com`;
}

export const PASSWORD = 'sléibhte is farraige';

/** An account made the way people make one, and logged in. */
export async function newUser(auth: AuthUnderTest, email = newEmail()) {
  await auth.post('/auth/signup', { name: 'Aoife', email, password: PASSWORD });
  await auth.post('/auth/email/confirm', { token: await auth.tokenFor(email) });
  const { body } = await auth.post('/auth/login', { email, password: PASSWORD });
  const { token, refreshToken, user } = body as {
    token: string;
    refreshToken: string;
    user: { id: number };
  };
  return { email, token, refreshToken, id: user.id };
}
