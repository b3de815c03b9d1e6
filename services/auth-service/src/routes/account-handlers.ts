import type { Database } from '@whatsthecraic/platform/database';
import { type Once, replayedHeader } from '@whatsthecraic/platform/idempotency';
import { MailNotConfigured } from '@whatsthecraic/platform/mail/errors';
import { Answer, type Handlers } from '@whatsthecraic/platform/route';
import type { accounts as contract } from '../contract/accounts.ts';
import type { Addresses } from '../domain/addresses.ts';
import { exportAccount } from '../domain/export.ts';
import type { PasswordChanges } from '../domain/password-changes.ts';
import type { SignUp } from '../domain/sign-up.ts';
import { SessionEnded } from '../errors.ts';
import type { AccountStore } from '../store/accounts.ts';
import { findLink } from '../store/spotify-links.ts';

export interface AccountParts {
  readonly accounts: AccountStore;
  readonly signUp: SignUp;
  readonly addresses: Addresses;
  readonly passwords: PasswordChanges;
  readonly database: Database;
  readonly canMail: boolean;
  readonly now: () => number;
}

const NEXT = {
  confirm: 'a mail is on its way to this address; follow its link within 24 hours',
  login: 'log in now; if this address had an account before, it keeps its old password',
} as const;

const MAILED = 'if there is a reason to, a mail is on its way to this address';

/** An answer that says whether it is the one of an earlier request. */
const tell = <T>(body: T, { replayed }: Once<unknown>) =>
  new Answer(body, { headers: replayedHeader(replayed) });

export const accountHandlers = (parts: AccountParts): Handlers<typeof contract> => {
  const { accounts, signUp, addresses, passwords, database, canMail, now } = parts;

  async function accountOf(id: number) {
    const found = await accounts.findById(id);
    if (!found) throw new SessionEnded(); // It was deleted a moment ago.
    return found;
  }

  async function ownAccountOf(id: number) {
    const [account, link] = await Promise.all([accountOf(id), findLink(database, id)]);
    return { ...account, spotify: link?.state ?? ('none' as const) };
  }

  function requireMail(): void {
    if (!canMail) throw new MailNotConfigured();
  }

  return {
    async signUp({ body, headers, address }) {
      const asked = await signUp({ ...body, address, key: headers['idempotency-key'] });
      return tell({ next: asked.value, detail: NEXT[asked.value] }, asked);
    },
    async confirmEmail({ body, headers }) {
      const confirmed = await addresses.confirm(body.token, headers['idempotency-key']);
      return tell({ email: confirmed.value }, confirmed);
    },
    async sendConfirmation({ caller, headers, address }) {
      requireMail();
      const account = await accountOf(caller.id);
      const key = headers['idempotency-key'];
      return tell({ detail: MAILED }, await addresses.sendLink({ account, address, key }));
    },
    async changeEmail({ body: { email, password }, caller, headers, address }) {
      requireMail();
      const account = await accountOf(caller.id);
      await passwords.require(caller.id, password);
      const key = headers['idempotency-key'];
      return tell({ detail: MAILED }, await addresses.move({ account, email, address, key }));
    },
    async forgotPassword({ body, headers, address }) {
      requireMail();
      const key = headers['idempotency-key'];
      return tell({ detail: MAILED }, await passwords.forgot(body.email, address, key));
    },
    async resetPassword({ body, headers }) {
      const key = headers['idempotency-key'];
      return tell(undefined, await passwords.reset(body.token, body.password, key));
    },
    async changePassword({ body, headers, caller }) {
      const key = headers['idempotency-key'];
      const { id: userId, sessionId } = caller;
      return tell(undefined, await passwords.change({ userId, sessionId, ...body, key }));
    },
    me: ({ caller }) => ownAccountOf(caller.id),
    async changeMe({ body, caller }) {
      if (body.name !== undefined) await accounts.rename(caller.id, body.name);
      return ownAccountOf(caller.id);
    },
    async deleteMe({ body, caller }) {
      await passwords.require(caller.id, body.password);
      await accounts.remove(caller.id);
    },
    exportMe: async ({ caller }) => exportAccount(database, await accountOf(caller.id), now),
  };
};
