import type { Queries } from '@whatsthecraic/platform/database';
import { z } from 'zod';
import { hashSecret } from '../domain/refresh-token.ts';

export interface NewAttempt {
  readonly state: string;
  readonly browser: string;
  readonly userId: number;
  readonly sessionId: string;
  readonly verifier: string;
  readonly expiresAt: Date;
}

const attempt = z.object({
  userId: z.number(),
  browserHash: z.instanceof(Buffer),
  verifier: z.string(),
  expiresAt: z.date(),
  usedAt: z.date().nullable(),
  isSessionLive: z.number().transform(Boolean),
});
export type Attempt = z.output<typeof attempt>;

export async function noteAttempt(queries: Queries, it: NewAttempt): Promise<void> {
  const { state, browser, userId, sessionId, verifier, expiresAt } = it;
  await queries.run(
    `INSERT INTO spotify_attempts
       (state_hash, browser_hash, user_id, session_id, verifier, expires_at)
     VALUES (?, ?, ?, ?, ?, ?)`,
    [hashSecret(state), hashSecret(browser), userId, sessionId, verifier, expiresAt],
  );
}

export async function findAttempt(
  queries: Queries,
  state: string,
  at: Date,
): Promise<Attempt | undefined> {
  const [found] = await queries.query(
    `SELECT a.user_id AS userId, a.browser_hash AS browserHash, a.verifier,
       a.expires_at AS expiresAt, a.used_at AS usedAt,
       s.ended_at IS NULL AND s.expires_at > ? AS isSessionLive
     FROM spotify_attempts a JOIN sessions s ON s.id = a.session_id WHERE a.state_hash = ?`,
    [at, hashSecret(state)],
    attempt,
  );
  return found;
}

/** Uses an attempt up; of many at once one is told `true`. */
export async function takeAttempt(queries: Queries, state: string, at: Date): Promise<boolean> {
  const { affectedRows } = await queries.run(
    'UPDATE spotify_attempts SET used_at = ? WHERE state_hash = ? AND used_at IS NULL',
    [at, hashSecret(state)],
  );
  return affectedRows === 1;
}

/** Whether it still counts: whoever takes the link off takes back what is under way too. */
export async function holdAttempt(queries: Queries, state: string): Promise<boolean> {
  const sql = 'SELECT 1 FROM spotify_attempts WHERE state_hash = ? FOR UPDATE';
  return (await queries.query(sql, [hashSecret(state)], z.unknown())).length === 1;
}

export async function forgetAttempts(queries: Queries, userId: number): Promise<void> {
  await queries.run('DELETE FROM spotify_attempts WHERE user_id = ?', [userId]);
}
