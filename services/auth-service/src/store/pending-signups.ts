import type { Queries } from '@whatsthecraic/platform/database';
import { z } from 'zod';

export interface PendingSignup {
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string;
  readonly expiresAt: Date;
}

const pending = z.object({
  email: z.string(),
  name: z.string(),
  passwordHash: z.string(),
  expiresAt: z.date(),
});

export async function insertSignup(queries: Queries, signup: PendingSignup): Promise<number> {
  const { email, name, passwordHash, expiresAt } = signup;
  const { insertId } = await queries.run(
    'INSERT INTO pending_signups (email, name, password_hash, expires_at) VALUES (?, ?, ?, ?)',
    [email, name, passwordHash, expiresAt],
  );
  return insertId;
}

export async function findSignup(queries: Queries, id: number): Promise<PendingSignup | undefined> {
  const sql = `SELECT email, name, password_hash AS passwordHash, expires_at AS expiresAt
    FROM pending_signups WHERE id = ?`;
  const [found] = await queries.query(sql, [id], pending);
  return found;
}

/** Its tokens go with it. */
export async function deleteSignup(queries: Queries, id: number): Promise<void> {
  await queries.run('DELETE FROM pending_signups WHERE id = ?', [id]);
}
