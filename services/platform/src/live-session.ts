import { z } from 'zod';
import type { VerifyToken } from './authenticate.ts';
import { ROLES } from './caller.ts';
import type { Database } from './database.ts';
import { Unauthorized } from './errors.ts';
import type { Verifier } from './tokens.ts';

const live = z.object({ role: z.enum(ROLES) });

/**
 * Checks tokens against their sessions too: one that was ended opens nothing from that moment on, and
 * a role counts as it is now, not as it was when the token was made. One read by primary key.
 */
export function createLiveVerify(
  tokens: Verifier,
  database: Database,
  now: () => number = Date.now,
): VerifyToken {
  return async function verifyLive(token) {
    const { id, sessionId } = tokens.verify(token);
    if (!sessionId) throw new Unauthorized('invalid_token', 'the access token is not valid');
    const [found] = await database.query(
      `SELECT u.role FROM sessions s JOIN users u ON u.id = s.user_id
       WHERE s.id = ? AND s.user_id = ? AND s.ended_at IS NULL AND s.expires_at > ?`,
      [sessionId, id, new Date(now())],
      live,
    );
    if (!found) throw new Unauthorized('session_ended', 'the session has ended; log in again');
    return { id, role: found.role, sessionId };
  };
}
