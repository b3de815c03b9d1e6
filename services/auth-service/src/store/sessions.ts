import { ROLES } from '@whatsthecraic/platform/caller';
import type { Database, Queries } from '@whatsthecraic/platform/database';
import { z } from 'zod';

export type EndReason = 'logout' | 'everywhere' | 'password' | 'reuse';

export interface NewSession {
  readonly id: string;
  readonly userId: number;
  readonly chainKey: Buffer;
  readonly tokenHash: Buffer;
  readonly userAgent: string;
  readonly expiresAt: Date;
}

const bytes = z.instanceof(Buffer);
const session = z.object({
  userId: z.number(),
  role: z.enum(ROLES),
  chainKey: bytes,
  tokenHash: bytes,
  previousHash: bytes.nullable(),
  rotatedAt: z.date(),
  expiresAt: z.date(),
  endedAt: z.date().nullable(),
});
export type Session = z.output<typeof session>;

const listed = z.object({
  id: z.string(),
  userAgent: z.string(),
  createdAt: z.date(),
  rotatedAt: z.date(),
  expiresAt: z.date(),
});

export interface SessionStore {
  open(session: NewSession): Promise<void>;
  find(id: string): Promise<Session | undefined>;
  /** Puts a new token in place of this one; `false` when it is not the session's present one. */
  rotate(id: string, tokenHash: Buffer, nextHash: Buffer): Promise<boolean>;
  end(id: string, userId: number, by: EndReason): Promise<boolean>;
  list(userId: number): Promise<z.output<typeof listed>[]>;
}

export function createSessionStore(database: Database, now: () => number): SessionStore {
  const at = () => new Date(now());
  return {
    async open({ id, userId, chainKey, tokenHash, userAgent, expiresAt }) {
      await database.run(
        `INSERT INTO sessions
           (id, user_id, chain_key, token_hash, user_agent, created_at, rotated_at, expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        [id, userId, chainKey, tokenHash, userAgent, at(), at(), expiresAt],
      );
    },
    async find(id) {
      const sql = `SELECT s.user_id AS userId, u.role, s.chain_key AS chainKey,
          s.token_hash AS tokenHash, s.previous_hash AS previousHash, s.rotated_at AS rotatedAt,
          s.expires_at AS expiresAt, s.ended_at AS endedAt
        FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = ?`;
      const [found] = await database.query(sql, [id], session);
      return found;
    },
    async rotate(id, tokenHash, nextHash) {
      const { affectedRows } = await database.run(
        `UPDATE sessions SET previous_hash = token_hash, token_hash = ?, rotated_at = ?,
           rotations = rotations + 1
         WHERE id = ? AND token_hash = ? AND ended_at IS NULL`,
        [nextHash, at(), id, tokenHash],
      );
      return affectedRows === 1;
    },
    async end(id, userId, by) {
      const { affectedRows } = await database.run(
        `UPDATE sessions SET ended_at = ?, ended_by = ?
         WHERE id = ? AND user_id = ? AND ended_at IS NULL`,
        [at(), by, id, userId],
      );
      return affectedRows === 1;
    },
    list: (userId) =>
      database.query(
        `SELECT id, user_agent AS userAgent, created_at AS createdAt, rotated_at AS rotatedAt,
           expires_at AS expiresAt
         FROM sessions WHERE user_id = ? AND ended_at IS NULL AND expires_at > ?
         ORDER BY rotated_at DESC, id LIMIT 100`,
        [userId, at()],
        listed,
      ),
  };
}

/** Ends all sessions of an account but one; part of the change that makes it necessary. */
export async function endSessions(
  queries: Queries,
  {
    userId,
    but = '',
    by,
    at,
  }: { userId: number; but?: string | undefined; by: EndReason; at: Date },
): Promise<number> {
  const { affectedRows } = await queries.run(
    `UPDATE sessions SET ended_at = ?, ended_by = ?
     WHERE user_id = ? AND ended_at IS NULL AND id <> ?`,
    [at, by, userId, but],
  );
  return affectedRows;
}
