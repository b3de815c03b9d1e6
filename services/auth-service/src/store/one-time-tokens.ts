import { randomBytes } from 'node:crypto';
import type { Queries } from '@whatsthecraic/platform/database';
import { z } from 'zod';
import { hashSecret } from '../domain/refresh-token.ts';

const PURPOSES = ['signup', 'confirm', 'reset', 'change'] as const;
export type Purpose = (typeof PURPOSES)[number];

export interface TokenSubject {
  readonly purpose: Purpose;
  readonly email: string;
  readonly userId?: number;
  readonly signupId?: number;
  readonly expiresAt: Date;
}

const subject = z.object({
  purpose: z.enum(PURPOSES),
  email: z.string(),
  userId: z.number().nullable(),
  signupId: z.number().nullable(),
});

/** A token for one mail; earlier ones for the same purpose are worth nothing from then on. */
export async function issueToken(queries: Queries, token: TokenSubject): Promise<string> {
  const { purpose, email, userId = null, signupId = null, expiresAt } = token;
  const text = randomBytes(32).toString('base64url');
  await queries.run(
    `DELETE FROM one_time_tokens
     WHERE purpose = ? AND used_at IS NULL AND (user_id = ? OR signup_id = ?)`,
    [purpose, userId, signupId],
  );
  await queries.run(
    `INSERT INTO one_time_tokens (token_hash, purpose, user_id, signup_id, email, expires_at)
     VALUES (?, ?, ?, ?, ?, ?)`,
    [hashSecret(text), purpose, userId, signupId, email, expiresAt],
  );
  return text;
}

/** Uses a token up; `undefined` unless it was good until now. Only one of many at once gets it. */
export async function useToken(
  queries: Queries,
  text: string,
  purposes: readonly Purpose[],
  at: Date,
): Promise<z.output<typeof subject> | undefined> {
  const hash = hashSecret(text);
  const [found] = await queries.query(
    `SELECT purpose, email, user_id AS userId, signup_id AS signupId
     FROM one_time_tokens WHERE token_hash = ?`,
    [hash],
    subject,
  );
  if (!found || !purposes.includes(found.purpose)) return undefined;
  const { affectedRows } = await queries.run(
    `UPDATE one_time_tokens SET used_at = ?
     WHERE token_hash = ? AND used_at IS NULL AND expires_at > ?`,
    [at, hash, at],
  );
  return affectedRows === 1 ? found : undefined;
}

/** Makes all links worthless that an account has been mailed so far. */
export async function forgetTokens(queries: Queries, userId: number): Promise<void> {
  await queries.run('DELETE FROM one_time_tokens WHERE user_id = ? AND used_at IS NULL', [userId]);
}
