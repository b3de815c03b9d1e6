import { countedOnce } from '@whatsthecraic/platform/counted-once';
import type { Database, Queries } from '@whatsthecraic/platform/database';
import { IdempotencyKeyReused, type Once, ownerOf } from '@whatsthecraic/platform/idempotency';
import { enqueueMail } from '@whatsthecraic/platform/mail/outbox';
import type { Throttle } from '@whatsthecraic/platform/throttle';
import { z } from 'zod';
import { noteEvent } from '../store/account-events.ts';
import { insertAccount, type NewAccount } from '../store/accounts.ts';
import { insertSignup } from '../store/pending-signups.ts';
import { signUpCharges } from './limits.ts';
import type { Passwords } from './passwords.ts';

const PENDING_MS = 24 * 3_600_000;

export interface SignUpRequest {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly address: string;
  readonly key: string | undefined;
}

/** What the person has to do next. It is the same whether or not the address has an account. */
export type SignUp = (request: SignUpRequest) => Promise<Once<'confirm' | 'login'>>;

export interface SignUpOptions {
  readonly database: Database;
  readonly passwords: Passwords;
  readonly throttle: Throttle;
  /** Without mail nobody can be asked, and an account is there at once. */
  readonly canMail: boolean;
  readonly now: () => number;
}

/** What a repetition is compared with, as it lies in the table of accounts too. */
const asked = z.object({ next: z.enum(['confirm', 'login']), passwordHash: z.string() });

export function createSignUp(options: SignUpOptions): SignUp {
  const { database, passwords, throttle, canMail, now } = options;

  async function createAccount(queries: Queries, account: NewAccount): Promise<void> {
    const userId = await insertAccount(queries, account);
    if (userId === undefined) return; // Whoever has it keeps it, and nobody is told.
    await noteEvent(queries, { userId, actorId: userId, what: 'created', at: new Date(now()) });
  }

  return async function askForAccount({ name, email, password, address, key }) {
    const { value, replayed } = await countedOnce({
      ...{ database, throttle, charges: signUpCharges(email, address), answer: asked },
      claim: { owner: ownerOf(email), operation: 'signUp', key, request: { name, email } },
      prepare: () => passwords.hash(password, 'body.password'),
      async work(queries, passwordHash) {
        if (!canMail) {
          await createAccount(queries, { email, name, passwordHash, emailConfirmedAt: null });
          return { next: 'login' as const, passwordHash };
        }
        const expiresAt = new Date(now() + PENDING_MS);
        const signupId = await insertSignup(queries, { email, name, passwordHash, expiresAt });
        await enqueueMail(queries, { kind: 'signup', to: email, data: { signupId }, expiresAt });
        return { next: 'confirm' as const, passwordHash };
      },
    });
    // A quick hash of it, such as that of the rest of the request, would be a gift to guessers.
    if (replayed && !(await passwords.check(value.passwordHash, password))) {
      throw new IdempotencyKeyReused();
    }
    return { value: value.next, replayed };
  };
}
