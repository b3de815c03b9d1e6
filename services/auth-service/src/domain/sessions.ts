import type { Role } from '@whatsthecraic/platform/caller';
import type { Log } from '@whatsthecraic/platform/log';
import { TOKEN_LIFE_SECONDS, type Tokens } from '@whatsthecraic/platform/tokens';
import { InvalidRefreshToken, RefreshTokenReused, SessionEnded } from '../errors.ts';
import type { Session, SessionStore } from '../store/sessions.ts';
import {
  formatRefreshToken,
  hashSecret,
  newSecret,
  newSessionId,
  nextSecret,
  parseRefreshToken,
} from './refresh-token.ts';

const DAY_MS = 86_400_000;
/** RFC 9700 §4.14: a session that nobody uses ends, and each ends at some time. */
const LONGEST_MS = 90 * DAY_MS;
const IDLE_MS = 14 * DAY_MS;
/** A client that lost the answer, or has two tabs, asks twice with the same token. */
const GRACE_MS = 10_000;

export interface IssuedTokens {
  readonly token: string;
  readonly tokenType: 'Bearer';
  readonly expiresIn: number;
  readonly refreshToken: string;
}

export interface Sessions {
  begin(user: { id: number; role: Role }, userAgent: string): Promise<IssuedTokens>;
  refresh(refreshToken: string): Promise<IssuedTokens>;
}

export interface SessionsOptions {
  readonly store: SessionStore;
  readonly tokens: Tokens;
  readonly log: Log;
  readonly now: () => number;
}

export function createSessions({ store, tokens, log, now }: SessionsOptions): Sessions {
  function issue(userId: number, role: Role, sessionId: string, secret: Buffer): IssuedTokens {
    return {
      token: tokens.sign({ id: userId, role, sessionId }),
      tokenType: 'Bearer',
      expiresIn: TOKEN_LIFE_SECONDS,
      refreshToken: formatRefreshToken({ sessionId, secret }),
    };
  }

  const isOver = ({ endedAt, expiresAt, rotatedAt }: Session) =>
    endedAt !== null || expiresAt.getTime() <= now() || rotatedAt.getTime() + IDLE_MS <= now();

  const isRepeated = ({ previousHash, rotatedAt }: Session, hash: Buffer) =>
    previousHash?.equals(hash) === true && now() - rotatedAt.getTime() <= GRACE_MS;

  return {
    async begin({ id, role }, userAgent) {
      const sessionId = newSessionId();
      const secret = newSecret();
      await store.open({
        id: sessionId,
        userId: id,
        chainKey: newSecret(),
        tokenHash: hashSecret(secret),
        userAgent: userAgent.slice(0, 255),
        expiresAt: new Date(now() + LONGEST_MS),
      });
      return issue(id, role, sessionId, secret);
    },

    async refresh(refreshToken) {
      const presented = parseRefreshToken(refreshToken);
      if (!presented) throw new InvalidRefreshToken();
      const { sessionId, secret } = presented;
      const hash = hashSecret(secret);
      let session = await store.find(sessionId);
      if (!session) throw new InvalidRefreshToken();
      if (isOver(session)) throw new SessionEnded();

      const next = nextSecret(session.chainKey, secret);
      const answer = issue(session.userId, session.role, sessionId, next);
      if (session.tokenHash.equals(hash)) {
        if (await store.rotate(sessionId, hash, hashSecret(next))) return answer;
        // Another request with this token came first, or the session has just ended.
        session = await store.find(sessionId);
        if (!session || isOver(session)) throw new SessionEnded();
      }
      if (isRepeated(session, hash)) return answer;
      // An older token of this session, or a made-up one: somebody has what is not theirs.
      await store.end(sessionId, session.userId, 'reuse');
      log.warn(
        { event: 'security.refresh_reuse', userId: session.userId, sessionId },
        'session ended',
      );
      throw new RefreshTokenReused();
    },
  };
}
