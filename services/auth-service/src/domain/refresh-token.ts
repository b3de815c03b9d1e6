import { createHash, createHmac, randomBytes } from 'node:crypto';

/** A refresh token is its session's id and 256 bits that only its holder knows. */
export interface RefreshToken {
  readonly sessionId: string;
  readonly secret: Buffer;
}

const FORM = /^wtc_([\w-]{22})\.([\w-]{43})$/;

export const newSessionId = () => randomBytes(16).toString('base64url');
export const newSecret = () => randomBytes(32);

export const formatRefreshToken = ({ sessionId, secret }: RefreshToken) =>
  `wtc_${sessionId}.${secret.toString('base64url')}`;

export function parseRefreshToken(text: string): RefreshToken | undefined {
  const [, sessionId, secret] = FORM.exec(text) ?? [];
  return sessionId && secret ? { sessionId, secret: Buffer.from(secret, 'base64url') } : undefined;
}

/**
 * The next secret of a session. It follows from the last one, so that two requests with the same token
 * get the same answer; neither the token nor the database alone can tell it.
 */
export const nextSecret = (chainKey: Buffer, secret: Buffer) =>
  createHmac('sha256', chainKey).update(secret).digest();

export const hashSecret = (secret: Buffer | string) => createHash('sha256').update(secret).digest();
