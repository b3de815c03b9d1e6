import { randomBytes } from 'node:crypto';
import type { Role } from '../../src/caller.ts';
import { createTokens } from '../../src/tokens.ts';
import { type TestDatabase, testTokens } from './database.ts';

/** The people of a test by their roles; the first of each is the one who is meant unless told. */
const people: Readonly<Record<Role, readonly number[]>> = {
  user: [11],
  organizer: [1, 2, 5, 9],
  admin: [12, 3, 6],
};
const sessionOf = (id: number) => `session-of-${id}`.padEnd(22, '-');

/** The headers of a caller with this role. */
export const as = (role: Role, id = people[role][0] ?? 0) => ({
  authorization: `Bearer ${createTokens(testTokens).sign({ id, role, sessionId: sessionOf(id) })}`,
});

/** Makes the people of a test and logs them in; again it does nothing. */
export async function makePeople({ admin }: TestDatabase): Promise<void> {
  for (const [role, ids] of Object.entries(people)) {
    for (const id of ids) {
      await admin.query(
        `INSERT IGNORE INTO users (id, email, name, password_hash, role)
         VALUES (?, ?, 'Somebody', '$argon2id$none', ?)`,
        [id, `keeper${id}@example.com`, role],
      );
      await admin.query(
        `INSERT IGNORE INTO sessions
           (id, user_id, chain_key, token_hash, created_at, rotated_at, expires_at)
         VALUES (?, ?, ?, ?, NOW(3), NOW(3), NOW(3) + INTERVAL 1 HOUR)`,
        [sessionOf(id), id, randomBytes(32), randomBytes(32)],
      );
    }
  }
}

export interface Sent {
  readonly status: number;
  readonly headers: Headers;
  readonly etag: string;
  /** The answer's body, as loosely as a test reads it. */
  readonly body: Record<string, unknown> & { readonly id: number; readonly code: string };
}

/** Sends requests as a program would, and reads what comes back. */
export const senderTo =
  (url: string) =>
  async (
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
    body?: unknown,
  ): Promise<Sent> => {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await fetch(url + path, {
      method,
      headers: { ...json, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      etag: answer.headers.get('etag') ?? '',
      body: text ? JSON.parse(text) : {},
    };
  };
