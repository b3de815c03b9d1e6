import { randomBytes } from 'node:crypto';

/** An access key; with a session token it is a temporary one, as roles and OIDC hand them out. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Milliseconds since 1970 after which the session token is refused. */
  readonly expiresAt?: number;
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A new random key in AWS's form: `AKIA` and 16 characters, a secret of 40. */
export function makeCredentials(): Credentials {
  let id = 'AKIA';
  for (const byte of randomBytes(16)) id += base32[byte % 32];
  return { accessKeyId: id, secretAccessKey: randomBytes(30).toString('base64') };
}
