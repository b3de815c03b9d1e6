import { countedOnce } from '@whatsthecraic/platform/counted-once';
import type { Database, Queries } from '@whatsthecraic/platform/database';
import { Conflict } from '@whatsthecraic/platform/errors';
import { type Once, once, ownerOf } from '@whatsthecraic/platform/idempotency';
import { enqueueMail } from '@whatsthecraic/platform/mail/outbox';
import type { Throttle } from '@whatsthecraic/platform/throttle';
import { z } from 'zod';
import { EmailTaken, InvalidOneTimeToken, SessionEnded } from '../errors.ts';
import { noteEvent } from '../store/account-events.ts';
import { type Account, confirmAddress, insertAccount, moveAddress } from '../store/accounts.ts';
import { forgetTokens, type TokenSubject, useToken } from '../store/one-time-tokens.ts';
import { deleteSignup, findSignup } from '../store/pending-signups.ts';
import { mailCharges } from './limits.ts';

export const CONFIRM_MS = 24 * 3_600_000;
const NOTICE_MS = 7 * 86_400_000;

export interface AddressRequest {
  readonly account: Account;
  readonly address: string;
  readonly key: string | undefined;
}

export interface Addresses {
  /** The address that a token proves: of a new account, of one that is there, or of one that moves. */
  confirm(token: string, key: string | undefined): Promise<Once<string>>;
  /** Has a link mailed that confirms the account's own address. */
  sendLink(request: AddressRequest): Promise<Once<true>>;
  /** Has a link mailed to another address; until it is followed nothing changes. */
  move(request: AddressRequest & { readonly email: string }): Promise<Once<true>>;
}

export interface AddressesOptions {
  readonly database: Database;
  readonly throttle: Throttle;
  readonly now: () => number;
}

const sent = z.literal(true);
type Proven = Omit<TokenSubject, 'expiresAt' | 'userId' | 'signupId'> & {
  readonly userId: number | null;
  readonly signupId: number | null;
};

export function createAddresses({ database, throttle, now }: AddressesOptions): Addresses {
  const claimOf = (
    { id }: Account,
    operation: string,
    key: string | undefined,
    request: object,
  ) => ({
    ...{ owner: `user:${id}`, operation, key, request },
  });

  async function makeAccount(queries: Queries, signupId: number | null, at: Date): Promise<number> {
    const signup = signupId === null ? undefined : await findSignup(queries, signupId);
    if (!signup) throw new InvalidOneTimeToken();
    const userId = await insertAccount(queries, { ...signup, emailConfirmedAt: at });
    if (userId === undefined) throw new EmailTaken();
    await noteEvent(queries, { userId, actorId: userId, what: 'created', at });
    await deleteSignup(queries, Number(signupId));
    return userId;
  }

  /** The old mailbox hears of it, and what was mailed to it opens nothing any more. */
  async function moveAccount(queries: Queries, userId: number, email: string, at: Date) {
    const before = await moveAddress(queries, { userId, email, at });
    if (before === undefined) throw new SessionEnded();
    await forgetTokens(queries, userId);
    const expiresAt = new Date(at.getTime() + NOTICE_MS);
    const data = { what: 'email_changed' };
    await enqueueMail(queries, { kind: 'notice', to: before, data, expiresAt });
    await noteEvent(queries, { userId, actorId: userId, what: 'email_changed', at });
  }

  async function settle(queries: Queries, proven: Proven, at: Date): Promise<void> {
    const { purpose, email, signupId } = proven;
    const userId = proven.userId ?? (await makeAccount(queries, signupId, at));
    if (purpose === 'change') await moveAccount(queries, userId, email, at);
    else await confirmAddress(queries, { userId, email, at });
    await noteEvent(queries, { userId, actorId: userId, what: 'email_confirmed', at });
  }

  return {
    confirm: (token, key) =>
      database.transaction((queries) => {
        const claim = { owner: ownerOf(token), operation: 'confirmEmail', key, request: {} };
        return once(queries, claim, z.string(), async () => {
          const at = new Date(now());
          const proven = await useToken(queries, token, ['signup', 'confirm', 'change'], at);
          if (!proven) throw new InvalidOneTimeToken();
          await settle(queries, proven, at);
          return proven.email;
        });
      }),

    async sendLink({ account, address, key }) {
      const { email: to, emailConfirmed } = account;
      if (emailConfirmed) throw new Conflict('email_confirmed', 'The address is confirmed already');
      return countedOnce({
        ...{ database, throttle, charges: mailCharges(to, address), answer: sent },
        claim: claimOf(account, 'sendConfirmation', key, {}),
        async work(queries) {
          const expiresAt = new Date(now() + CONFIRM_MS);
          await enqueueMail(queries, { kind: 'confirm_email', to, data: {}, expiresAt });
          return true as const;
        },
      });
    },

    async move({ account, email, address, key }) {
      if (email === account.email) throw new Conflict('email_same', 'This is your address already');
      return countedOnce({
        ...{ database, throttle, charges: mailCharges(email, address), answer: sent },
        claim: claimOf(account, 'changeEmail', key, { email }),
        async work(queries) {
          const expiresAt = new Date(now() + CONFIRM_MS);
          const data = { userId: account.id };
          await enqueueMail(queries, { kind: 'change_email', to: email, data, expiresAt });
          const told = { kind: 'notice', to: account.email, data: { what: 'email_change_asked' } };
          await enqueueMail(queries, { ...told, expiresAt });
          return true as const;
        },
      });
    },
  };
}
