import { countedOnce } from '@whatsthecraic/platform/counted-once';
import type { Database, Queries } from '@whatsthecraic/platform/database';
import {
  answered,
  IdempotencyKeyReused,
  type Once,
  once,
  ownerOf,
} from '@whatsthecraic/platform/idempotency';
import { enqueueMail } from '@whatsthecraic/platform/mail/outbox';
import type { Throttle } from '@whatsthecraic/platform/throttle';
import { z } from 'zod';
import { InvalidOneTimeToken, WrongPassword } from '../errors.ts';
import { noteEvent } from '../store/account-events.ts';
import { type AccountStore, confirmAddress, setPassword } from '../store/accounts.ts';
import { useToken } from '../store/one-time-tokens.ts';
import { endSessions } from '../store/sessions.ts';
import { mailCharges, passwordCharges } from './limits.ts';
import type { Passwords } from './passwords.ts';

const NOTICE_MS = 24 * 3_600_000;
export const RESET_MS = 30 * 60_000;
/** The number of the account whose password it was. */
const changed = z.int();

export interface PasswordChanges {
  /** Throws `WrongPassword` unless it is this account's. */
  require(userId: number, password: string): Promise<void>;
  change(change: {
    userId: number;
    sessionId: string | undefined;
    password: string;
    newPassword: string;
    key: string | undefined;
  }): Promise<Once<number>>;
  /** Has a link mailed if the address has an account; nobody can tell from here whether it has. */
  forgot(email: string, address: string, key: string | undefined): Promise<Once<true>>;
  reset(token: string, password: string, key: string | undefined): Promise<Once<number>>;
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

  async function isPasswordOf(userId: number, password: string): Promise<boolean> {
    const charges = passwordCharges(userId);
    await throttle.charge(charges);
    const matches = await passwords.check(await accounts.passwordHashOf(userId), password);
    if (matches) await throttle.refund(charges);
    return matches;
  }

  async function require(userId: number, password: string): Promise<void> {
    if (!(await isPasswordOf(userId, password))) throw new WrongPassword();
  }

  /** No hash of a password lies with its key, so a repetition is told by the password that holds now. */
  async function replay(userId: number, password: string): Promise<Once<number>> {
    if (!(await isPasswordOf(userId, password))) throw new IdempotencyKeyReused();
    return { value: userId, replayed: true };
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

    async change({ userId, sessionId, password, newPassword, key }) {
      const claim = { owner: `user:${userId}`, operation: 'changePassword', key, request: {} };
      if (await answered(database, claim, changed)) return replay(userId, newPassword);
      await require(userId, password);
      const passwordHash = await passwords.hash(newPassword, 'body.newPassword');
      const { email = '' } = (await accounts.findById(userId)) ?? {};
      const what = 'password_changed';
      return database.transaction((queries) =>
        once(queries, claim, changed, async () => {
          await replace(queries, { userId, email, passwordHash, but: sessionId, what });
          return userId;
        }),
      );
    },

    forgot: (email, address, key) =>
      countedOnce({
        ...{ database, throttle, charges: mailCharges(email, address), answer: z.literal(true) },
        claim: { owner: ownerOf(email), operation: 'forgotPassword', key, request: {} },
        async work(queries) {
          const expiresAt = new Date(now() + RESET_MS);
          // The account is looked for when the mail is made: nobody can tell by the time taken.
          await enqueueMail(queries, { kind: 'password_reset', to: email, data: {}, expiresAt });
          return true as const;
        },
      }),

    async reset(token, password, key) {
      const claim = { owner: ownerOf(token), operation: 'resetPassword', key, request: {} };
      const before = await answered(database, claim, changed);
      if (before !== undefined) return replay(before, password);
      const passwordHash = await passwords.hash(password, 'body.password');
      return database.transaction((queries) =>
        once(queries, claim, changed, async () => {
          const at = new Date(now());
          const proven = await useToken(queries, token, ['reset'], at);
          if (!proven?.userId) throw new InvalidOneTimeToken();
          const { userId, email } = proven;
          await replace(queries, { userId, email, passwordHash, what: 'password_reset' });
          await confirmAddress(queries, { userId, email, at });
          return userId;
        }),
      );
    },
  };
}
