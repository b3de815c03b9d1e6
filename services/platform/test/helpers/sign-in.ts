import { randomBytes } from 'node:crypto';
import type { Role } from '../../src/caller.ts';
import { createTokens } from '../../src/tokens.ts';
import { type TestDatabase, testTokens } from './database.ts';

export interface SignedIn {
  readonly id: number;
  readonly email: string;
  readonly token: string;
  readonly sessionId: string;
  /** What a request of this person bears. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A new account with this role, its session, and an access token of it. */
export async function signIn(database: TestDatabase, role: Role = 'user'): Promise<SignedIn> {
  const sessionId = randomBytes(16).toString('base64url');
  const email = `${sessionId.toLowerCase()}@example.com`;
  const id = await database.insert('users', {
    email,
    name: 'Somebody',
    password_hash: '$argon2id$none',
    role,
  });
  const now = new Date();
  await database.insert('sessions', {
    id: sessionId,
    user_id: id,
    chain_key: randomBytes(32),
    token_hash: randomBytes(32),
    created_at: now,
    rotated_at: now,
    expires_at: new Date(now.getTime() + 3_600_000),
  });
  const token = createTokens(testTokens).sign({ id, role, sessionId });
  return { id, email, token, sessionId, headers: { authorization: `Bearer ${token}` } };
}
