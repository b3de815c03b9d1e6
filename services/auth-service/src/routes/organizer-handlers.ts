import type { Database } from '@whatsthecraic/platform/database';
import { NotFound } from '@whatsthecraic/platform/errors';
import { replayedHeader } from '@whatsthecraic/platform/idempotency';
import { Answer, type Handlers } from '@whatsthecraic/platform/route';
import type { organizers as contract } from '../contract/organizers.ts';
import type { Roles } from '../domain/roles.ts';
import type { AccountStore } from '../store/accounts.ts';
import { openRequests, requestsOf } from '../store/organizer-requests.ts';

export interface OrganizerParts {
  readonly roles: Roles;
  readonly accounts: AccountStore;
  readonly database: Database;
}

export const organizerHandlers = (parts: OrganizerParts): Handlers<typeof contract> => {
  const { roles, accounts, database } = parts;
  return {
    async requestOrganizer({ body, headers, caller }) {
      const key = headers['idempotency-key'];
      const { id, replayed } = await roles.ask({
        ...{ userId: caller.id, role: caller.role, message: body.message, key },
      });
      return new Answer({ id }, { headers: replayedHeader(replayed) });
    },
    myOrganizerRequests: async ({ caller }) => ({
      requests: await requestsOf(database, caller.id),
    }),
    openOrganizerRequests: async () => ({ requests: await openRequests(database) }),
    async decideOrganizerRequest({ params, body, headers, caller }) {
      const { value, replayed } = await roles.decide({
        ...{ id: params.id, status: body.decision, note: body.note, by: caller.id },
        key: headers['idempotency-key'],
      });
      return new Answer(value, { headers: replayedHeader(replayed) });
    },
    async changeRole({ params, body, caller }) {
      await roles.set({ userId: params.id, role: body.role, by: caller.id });
      const account = await accounts.findById(params.id);
      if (!account) throw new NotFound('there is no such account', 'user_not_found');
      return account;
    },
  };
};
