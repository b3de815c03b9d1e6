import type { Database } from '@whatsthecraic/platform/database';
import { NotFound } from '@whatsthecraic/platform/errors';
import type { Handlers } from '@whatsthecraic/platform/route';
import type { sessions as contract } from '../contract/sessions.ts';
import type { LogIn } from '../domain/log-in.ts';
import type { Sessions } from '../domain/sessions.ts';
import { endSessions, type SessionStore } from '../store/sessions.ts';

export interface SessionParts {
  readonly logIn: LogIn;
  readonly sessions: Sessions;
  readonly store: SessionStore;
  readonly database: Database;
  readonly now: () => number;
}

export const sessionHandlers = (parts: SessionParts): Handlers<typeof contract> => {
  const { logIn, sessions, store, database, now } = parts;
  return {
    async login({ body, headers, address }) {
      const user = await logIn({ ...body, address });
      return { ...(await sessions.begin(user, headers['user-agent'] ?? '')), user };
    },
    refreshSession: ({ body }) => sessions.refresh(body.refreshToken),
    async logout({ caller }) {
      await store.end(caller.sessionId ?? '', caller.id, 'logout');
    },
    async logoutEverywhere({ caller }) {
      const at = new Date(now());
      return { ended: await endSessions(database, { userId: caller.id, by: 'everywhere', at }) };
    },
    async listSessions({ caller }) {
      const found = await store.list(caller.id);
      return {
        sessions: found.map(({ id, userAgent, createdAt, rotatedAt, expiresAt }) => ({
          id,
          userAgent,
          createdAt: createdAt.toISOString(),
          lastUsedAt: rotatedAt.toISOString(),
          expiresAt: expiresAt.toISOString(),
          current: id === caller.sessionId,
        })),
      };
    },
    async endSession({ caller, params }) {
      if (await store.end(params.sessionId, caller.id, 'logout')) return;
      throw new NotFound('this account has no such session that goes on', 'session_not_found');
    },
  };
};
