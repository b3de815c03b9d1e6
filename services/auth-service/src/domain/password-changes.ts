import type { Database, Queries } from '@whatsthecraic/platform/database';
import { enqueueMail } from '@whatsthecraic/platform/mail/outbox';
import type { Throttle } from '@whatsthecraic/platform/throttle';
import { InvalidOneTimeToken, WrongPassword } from '../errors.ts';
import { noteEvent } from '../store/account-events.ts';
import { type AccountStore, confirmAddress, setPassword } from '../store/accounts.ts';
import { useToken } from '../store/one-time-tokens.ts';
import { endSessions } from '../store/sessions.ts';
import { mailCharges, passwordCharges } from './limits.ts';
import type { Passwords } from './passwords.ts';

const NOTICE_MS = 24 * 3_600_000;
export const RESET_MS = 30 * 60_000;

export interface PasswordChanges {
  /** Throws `WrongPassword` unless it is this account's. */
  require(userId: number, password: string): Promise<void>;
  change(change: {
    userId: number;
    sessionId: string | undefined;
    password: string;
    newPassword: string;
  }): Promise<void>;
  /** Has a link mailed if the address has an account; nobody can tell from here whether it has. */
  forgot(email: string, address: string): Promise<void>;
  reset(token: string, password: string): Promise<void>;
}

interface Replacement {
  readonly userId: number;
  readonly email: string;
  readonly passwordHash: string;
  /** The session that goes on. */
  readonly but?: string | undefined;
  readonly what: 'password_changed' | 'password_reset';
}

export interface PasswordChangesOptions {
  readonly database: Database;
  readonly accounts: AccountStore;
  readonly passwords: Passwords;
  readonly throttle: Throttle;
  readonly now: () => number;
}

export function createPasswordChanges(options: PasswordChangesOptions): PasswordChanges {
  const { database, accounts, passwords, throttle, now } = options;

  async function require(userId: number, password: string): Promise<void> {
    const charges = passwordCharges(userId);
    await throttle.charge(charges);
    const hash = await accounts.passwordHashOf(userId);
    if (!(await passwords.check(hash, password))) throw new WrongPassword();
    await throttle.refund(charges);
  }

  /** Whoever had the old password is out, and the owner hears of it. */
  async function replace(
    queries: Queries,
    { userId, email, passwordHash, but, what }: Replacement,
  ): Promise<void> {
    const at = new Date(now());
    await setPassword(queries, { userId, passwordHash, at });
    await endSessions(queries, { userId, but, by: 'password', at });
    await noteEvent(queries, { userId, actorId: userId, what, at });
    const expiresAt = new Date(now() + NOTICE_MS);
    await enqueueMail(queries, { kind: 'notice', to: email, data: { what }, expiresAt });
  }

  return {
    require,

    async change({ userId, sessionId, password, newPassword }) {
      await require(userId, password);
      const passwordHash = await passwords.hash(newPassword, 'body.newPassword');
      const { email = '' } = (await accounts.findById(userId)) ?? {};
      const what = 'password_changed';
      await database.transaction((queries) =>
        replace(queries, { userId, email, passwordHash, but: sessionId, what }),
      );
    },

    async forgot(email, address) {
      await throttle.charge(mailCharges(email, address));
      const expiresAt = new Date(now() + RESET_MS);
      // The account is looked for when the mail is made, so that nobody can tell by the time taken.
      await enqueueMail(database, { kind: 'password_reset', to: email, data: {}, expiresAt });
    },

    async reset(token, password) {
      const passwordHash = await passwords.hash(password, 'body.password');
      await database.transaction(async (queries) => {
        const at = new Date(now());
        const proven = await useToken(queries, token, ['reset'], at);
        if (!proven?.userId) throw new InvalidOneTimeToken();
        const { userId, email } = proven;
        await replace(queries, { userId, email, passwordHash, what: 'password_reset' });
        await confirmAddress(queries, { userId, email, at });
      });
    },
  };
}
