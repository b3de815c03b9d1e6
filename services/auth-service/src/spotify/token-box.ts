import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { TokenKey } from './token-keys.ts';

/** What Spotify has given us for a person. */
export interface UserTokens {
  readonly access: string;
  readonly refresh: string;
  /** Milliseconds since 1970. */
  readonly accessEndsAt: number;
}

/** Whose they are: a row that is copied to somebody else cannot be opened. */
export interface Owner {
  readonly userId: number;
  readonly spotifyId: string;
}

export interface SealedTokens {
  readonly keyId: string;
  readonly bytes: Buffer;
}

/** Encrypts tokens for the database, each time under the first key. */
export interface TokenBox {
  seal(tokens: UserTokens, owner: Owner): SealedTokens;
  /** Throws when the key is not known, or the bytes are another one's or changed. */
  open(sealed: SealedTokens, owner: Owner): UserTokens;
  readonly currentKeyId: string;
}

/** The key that a row was encrypted by is no longer configured. */
export class TokenKeyMissing extends Error {
  override readonly name = 'TokenKeyMissing';

  constructor(keyId: string) {
    super(`SPOTIFY_TOKEN_KEYS has no key ${keyId}`);
  }
}

/** NIST SP 800-38D: 96 bits for the nonce, 128 for the tag. */
const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const tokens = z.object({ access: z.string(), refresh: z.string(), accessEndsAt: z.number() });

export function createTokenBox(keys: readonly [TokenKey, ...TokenKey[]]): TokenBox {
  const [current] = keys;
  const contextOf = ({ userId, spotifyId }: Owner, keyId: string) =>
    Buffer.from(JSON.stringify(['spotify_links', keyId, userId, spotifyId]));

  return {
    currentKeyId: current.id,
    seal(value, owner) {
      const nonce = randomBytes(NONCE_BYTES);
      const options = { authTagLength: TAG_BYTES };
      const cipher = createCipheriv(ALGORITHM, current.key, nonce, options);
      cipher.setAAD(contextOf(owner, current.id));
      const hidden = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
      return { keyId: current.id, bytes: Buffer.concat([nonce, cipher.getAuthTag(), hidden]) };
    },
    open({ keyId, bytes }, owner) {
      const found = keys.find(({ id }) => id === keyId);
      if (!found) throw new TokenKeyMissing(keyId);
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const options = { authTagLength: TAG_BYTES };
      const decipher = createDecipheriv(ALGORITHM, found.key, nonce, options);
      decipher.setAAD(contextOf(owner, keyId));
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const hidden = bytes.subarray(NONCE_BYTES + TAG_BYTES);
      const text = Buffer.concat([decipher.update(hidden), decipher.final()]).toString('utf8');
      return tokens.parse(JSON.parse(text));
    },
  };
}
