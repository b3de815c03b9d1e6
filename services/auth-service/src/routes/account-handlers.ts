import type { Database } from '@whatsthecraic/platform/database';
import { Conflict } from '@whatsthecraic/platform/errors';
import { enqueueMail } from '@whatsthecraic/platform/mail/outbox';
import type { Handlers } from '@whatsthecraic/platform/route';
import type { Throttle } from '@whatsthecraic/platform/throttle';
import type { accounts as contract } from '../contract/accounts.ts';
import { exportAccount } from '../domain/export.ts';
import { mailCharges } from '../domain/limits.ts';
import { type PasswordChanges, RESET_MS } from '../domain/password-changes.ts';
import type { SignUp } from '../domain/sign-up.ts';
import { MailNotConfigured, SessionEnded } from '../errors.ts';
import type { AccountStore } from '../store/accounts.ts';

export interface AccountParts {
  readonly accounts: AccountStore;
  readonly signUp: SignUp;
  readonly passwords: PasswordChanges;
  readonly throttle: Throttle;
  readonly database: Database;
  readonly canMail: boolean;
  readonly now: () => number;
}

const NEXT = {
  confirm: 'a mail is on its way to this address; follow its link within 24 hours',
  login: 'log in now; if this address had an account before, it keeps its old password',
} as const;

const MAILED = 'if there is a reason to, a mail is on its way to this address';

export const accountHandlers = (parts: AccountParts): Handlers<typeof contract> => {
  const { accounts, signUp, passwords, throttle, database, canMail, now } = parts;

  async function accountOf(id: number) {
    const found = await accounts.findById(id);
    if (!found) throw new SessionEnded(); // It was deleted a moment ago.
    return found;
  }

  return {
    async signUp({ body, address }) {
      const next = await signUp.ask({ ...body, address });
      return { next, detail: NEXT[next] };
    },
    confirmEmail: async ({ body }) => ({ email: await signUp.confirm(body.token) }),
    async sendConfirmation({ caller, address }) {
      if (!canMail) throw new MailNotConfigured();
      const { email, emailConfirmed } = await accountOf(caller.id);
      if (emailConfirmed) throw new Conflict('email_confirmed', 'The address is confirmed already');
      await throttle.charge(mailCharges(email, address));
      const expiresAt = new Date(now() + RESET_MS);
      await enqueueMail(database, { kind: 'confirm_email', to: email, data: {}, expiresAt });
      return { detail: MAILED };
    },
    async forgotPassword({ body, address }) {
      if (!canMail) throw new MailNotConfigured();
      await passwords.forgot(body.email, address);
      return { detail: MAILED };
    },
    resetPassword: ({ body }) => passwords.reset(body.token, body.password),
    changePassword: ({ body, caller }) =>
      passwords.change({ userId: caller.id, sessionId: caller.sessionId, ...body }),
    me: ({ caller }) => accountOf(caller.id),
    async changeMe({ body, caller }) {
      if (body.name !== undefined) await accounts.rename(caller.id, body.name);
      return accountOf(caller.id);
    },
    async deleteMe({ body, caller }) {
      await passwords.require(caller.id, body.password);
      await accounts.remove(caller.id);
    },
    exportMe: async ({ caller }) => exportAccount(database, await accountOf(caller.id), now),
  };
};
