import type { Database } from '@whatsthecraic/platform/database';
import type { Compose, Message } from '@whatsthecraic/platform/mail/sender';
import { z } from 'zod';
import { CONFIRM_MS } from '../domain/addresses.ts';
import { RESET_MS } from '../domain/password-changes.ts';
import { createAccountStore } from '../store/accounts.ts';
import { findAnnounced, issueUnsubscribe } from '../store/announced.ts';
import { issueToken, type Purpose } from '../store/one-time-tokens.ts';
import { deleteSignup, findSignup } from '../store/pending-signups.ts';
import * as texts from './texts.ts';

export interface ComposersOptions {
  readonly database: Database;
  readonly publicUrl: string;
  readonly now: () => number;
}

/**
 * Makes the mails of accounts at the moment of sending. Tokens are made here and not when they are
 * asked for: none lies in the outbox, and a request does the same work whoever has an account.
 */
export function createComposers(options: ComposersOptions): Readonly<Record<string, Compose>> {
  const { database, publicUrl, now } = options;
  const accounts = createAccountStore(database);
  const link = (page: string, token: string) => `${publicUrl}/account/${page}?token=${token}`;

  async function issue(purpose: Purpose, email: string, subject: object, ms: number) {
    const expiresAt = new Date(now() + ms);
    return database.transaction((queries) =>
      issueToken(queries, { purpose, email, ...subject, expiresAt }),
    );
  }

  return {
    async signup(data) {
      const { signupId } = z.object({ signupId: z.int() }).parse(data);
      const signup = await findSignup(database, signupId);
      if (!signup) return undefined;
      const { email, name } = signup;
      if (await accounts.findByEmail(email)) {
        await deleteSignup(database, signupId);
        return texts.alreadyAccount(publicUrl);
      }
      const token = await issue('signup', email, { signupId }, CONFIRM_MS);
      return texts.confirmSignup(name, link('confirm', token));
    },
    async password_reset(_data, to) {
      const found = await accounts.findByEmail(to);
      if (!found) return undefined;
      const token = await issue('reset', to, { userId: found.account.id }, RESET_MS);
      return texts.resetPassword(found.account.name, link('reset', token));
    },
    async confirm_email(_data, to) {
      const found = await accounts.findByEmail(to);
      if (!found || found.account.emailConfirmed) return undefined;
      const token = await issue('confirm', to, { userId: found.account.id }, CONFIRM_MS);
      return texts.confirmEmail(found.account.name, link('confirm', token));
    },
    async change_email(data, to) {
      const { userId } = z.object({ userId: z.int() }).parse(data);
      const account = await accounts.findById(userId);
      if (!account || account.email === to) return undefined;
      // Nobody but the mailbox itself hears that it has an account.
      if (await accounts.findByEmail(to)) return texts.alreadyAccount(publicUrl);
      return texts.moveEmail(
        account.name,
        link('confirm', await issue('change', to, { userId }, CONFIRM_MS)),
      );
    },
    async contact_request(data) {
      const { userId, name, message } = contactRequest.parse(data);
      const sender = await accounts.findById(userId);
      // The answer goes to the sender's mailbox, so it has to be the sender's.
      if (!sender?.emailConfirmed || sender.role === 'user') return undefined;
      return texts.contactRequest({ to: name, from: sender, message });
    },
    async alert_digest(data, to) {
      const { userId, events } = alertDigest.parse(data);
      const account = await accounts.findById(userId);
      // Whoever has another address or none any more has not asked for this one to be written to.
      if (!account?.emailConfirmed || account.email !== to) return undefined;
      const open = await findAnnounced(database, userId, events);
      if (open.length === 0) return undefined;
      const token = await issueUnsubscribe(database, userId);
      const unsubscribe = `${publicUrl}/account/alerts?token=${token}`;
      return texts.alertDigest({ name: account.name, events: open, unsubscribe });
    },
    async notice(data) {
      const { what } = z.object({ what: z.enum(texts.NOTICES) }).parse(data);
      return texts.notice(what, publicUrl);
    },
    plain: async (data) => plain.parse(data) as Message,
  };
}

const alertDigest = z.object({ userId: z.int(), events: z.array(z.int()).min(1).max(100) });
const contactRequest = z.object({ userId: z.int(), name: z.string(), message: z.string() });

/** What other services have written themselves. */
const plain = z.object({
  subject: z.string().max(200),
  text: z.string().max(20_000),
  replyTo: z.email().optional(),
});
