import type { Database } from '@whatsthecraic/platform/database';
import { enqueueMail } from '@whatsthecraic/platform/mail/outbox';
import type { Throttle } from '@whatsthecraic/platform/throttle';
import { EmailTaken, InvalidOneTimeToken } from '../errors.ts';
import { noteEvent } from '../store/account-events.ts';
import { confirmAddress, insertAccount, type NewAccount } from '../store/accounts.ts';
import { useToken } from '../store/one-time-tokens.ts';
import { deleteSignup, findSignup, insertSignup } from '../store/pending-signups.ts';
import { signUpCharges } from './limits.ts';
import type { Passwords } from './passwords.ts';

const PENDING_MS = 24 * 3_600_000;

export interface SignUpRequest {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly address: string;
}

export interface SignUp {
  /** What the person has to do next. It is the same whether or not the address has an account. */
  ask(request: SignUpRequest): Promise<'confirm' | 'login'>;
  /** The address that a token proves; the account is there from then on. */
  confirm(token: string): Promise<string>;
}

export interface SignUpOptions {
  readonly database: Database;
  readonly passwords: Passwords;
  readonly throttle: Throttle;
  /** Without mail nobody can be asked, and an account is there at once. */
  readonly canMail: boolean;
  readonly now: () => number;
}

export function createSignUp(options: SignUpOptions): SignUp {
  const { database, passwords, throttle, canMail, now } = options;

  async function createAccount(account: NewAccount): Promise<void> {
    await database.transaction(async (queries) => {
      const userId = await insertAccount(queries, account);
      if (userId === undefined) return; // Whoever has it keeps it, and nobody is told.
      await noteEvent(queries, { userId, actorId: userId, what: 'created', at: new Date(now()) });
    });
  }

  return {
    async ask({ name, email, password, address }) {
      await throttle.charge(signUpCharges(email, address));
      const passwordHash = await passwords.hash(password, 'body.password');
      if (!canMail) {
        await createAccount({ email, name, passwordHash, emailConfirmedAt: null });
        return 'login';
      }
      const expiresAt = new Date(now() + PENDING_MS);
      await database.transaction(async (queries) => {
        const signupId = await insertSignup(queries, { email, name, passwordHash, expiresAt });
        await enqueueMail(queries, { kind: 'signup', to: email, data: { signupId }, expiresAt });
      });
      return 'confirm';
    },

    confirm: (token) =>
      database.transaction(async (queries) => {
        const at = new Date(now());
        const proven = await useToken(queries, token, ['signup', 'confirm'], at);
        if (!proven) throw new InvalidOneTimeToken();
        const { email, signupId } = proven;
        let { userId } = proven;
        if (userId !== null) {
          await confirmAddress(queries, { userId, email, at });
        } else {
          const signup = signupId === null ? undefined : await findSignup(queries, signupId);
          if (!signup) throw new InvalidOneTimeToken();
          userId = (await insertAccount(queries, { ...signup, emailConfirmedAt: at })) ?? null;
          if (userId === null) throw new EmailTaken();
          await noteEvent(queries, { userId, actorId: userId, what: 'created', at });
          await deleteSignup(queries, Number(signupId));
        }
        await noteEvent(queries, { userId, actorId: userId, what: 'email_confirmed', at });
        return email;
      }),
  };
}
