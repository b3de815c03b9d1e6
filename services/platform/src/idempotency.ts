import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Queries, RowSchema } from './database.ts';
import { HttpError } from './errors.ts';

/** The key was used before, for something else. */
export class IdempotencyKeyReused extends HttpError {
  override readonly name = 'IdempotencyKeyReused';

  constructor() {
    super(422, 'idempotency_key_reused', 'This key has been used', {
      detail: 'the Idempotency-Key belongs to another request of yours; make a new one',
      errors: [
        { field: 'headers.idempotency-key', message: 'used with another body; make a new one' },
      ],
    });
  }
}

/** For the `headers` of a route that makes something and that a client may send twice. */
export const idempotencyHeader = {
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{8,128}$/, 'expected 8 to 128 printable characters, a UUID for example')
    .optional()
    .describe(
      'A word of your own, for example a UUID: sent again within a day, it makes nothing new',
    ),
};

export interface Claim {
  /** Whose key it is: `user:5`. Others may use the same word. */
  readonly owner: string;
  readonly operation: string;
  /** Without one the work is done, and nothing is remembered. */
  readonly key: string | undefined;
  /** What was asked; the same key with another one is refused. */
  readonly request: unknown;
}

export interface Once<T> {
  readonly value: T;
  readonly replayed: boolean;
}

/** Whoever writes to a mailbox without being known: its hash, since keys outlive what they made. */
export const ownerOf = (secret: string): string =>
  `hash:${createHash('sha256').update(secret).digest('base64url')}`;

const EXPIRY = 'DATE_ADD(NOW(3), INTERVAL 24 HOUR)';
const kept = z.object({
  fingerprint: z.string(),
  answer: z.string(),
  expired: z.int().transform(Boolean),
});

/**
 * Does the work once for a key, inside the transaction that it belongs to: the key and its work come
 * in together or not at all. A second request waits at the key's row for the first, then gets its answer.
 */
export async function once<T>(
  queries: Queries,
  { owner, operation, key, request }: Claim,
  answer: RowSchema<T>,
  work: () => Promise<T>,
): Promise<Once<T>> {
  if (key === undefined) return { value: await work(), replayed: false };
  const fingerprint = fingerprintOf(request);
  const id = [owner, operation, key] as const;
  // Finding the key takes the same lock as making it: with a plain INSERT several that wait would each
  // get a shared one, and none of them the next.
  await queries.run(
    `INSERT INTO idempotency_keys (owner, operation, idempotency_key, fingerprint, answer, expires_at)
     VALUES (?, ?, ?, ?, '', ${EXPIRY}) ON DUPLICATE KEY UPDATE owner = VALUES(owner)`,
    [...id, fingerprint],
  );
  const [before] = await queries.query(
    `SELECT fingerprint, answer, expires_at < NOW(3) AS expired FROM idempotency_keys
     WHERE owner = ? AND operation = ? AND idempotency_key = ? FOR UPDATE`,
    id,
    kept,
  );
  // Only of this very transaction can it be without an answer.
  if (before && before.answer !== '' && !before.expired) {
    if (before.fingerprint !== fingerprint) throw new IdempotencyKeyReused();
    return { value: answer.parse(JSON.parse(before.answer)), replayed: true };
  }
  const value = await work();
  await queries.run(
    `UPDATE idempotency_keys SET answer = ?, fingerprint = ?, expires_at = ${EXPIRY}
     WHERE owner = ? AND operation = ? AND idempotency_key = ?`,
    [JSON.stringify(value), fingerprint, ...id],
  );
  return { value, replayed: false };
}

/**
 * What a key was answered with, if it was: for what has to be done before the transaction, such as
 * counting an attempt. Two at once both find nothing here, and `once` then decides.
 */
export async function answered<T>(
  queries: Queries,
  { owner, operation, key, request }: Claim,
  answer: RowSchema<T>,
): Promise<T | undefined> {
  if (key === undefined) return undefined;
  const [before] = await queries.query(
    `SELECT fingerprint, answer, expires_at < NOW(3) AS expired FROM idempotency_keys
     WHERE owner = ? AND operation = ? AND idempotency_key = ?`,
    [owner, operation, key],
    kept,
  );
  if (!before || before.expired) return undefined;
  if (before.fingerprint !== fingerprintOf(request)) throw new IdempotencyKeyReused();
  return answer.parse(JSON.parse(before.answer));
}

const fingerprintOf = (request: unknown) =>
  createHash('sha256').update(JSON.stringify(request)).digest('base64url');

/** Forgets keys that are past; some at a time, so that nobody waits for it. */
export async function forgetOldKeys(database: Queries): Promise<void> {
  await database.run(
    'DELETE FROM idempotency_keys WHERE expires_at < NOW(3) ORDER BY expires_at LIMIT 1000',
    [],
  );
}

/** Says of an answer that it is the one of an earlier request. */
export const replayedHeader = (replayed: boolean): Record<string, string> =>
  replayed ? { 'Idempotent-Replayed': 'true' } : {};
