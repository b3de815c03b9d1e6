import { randomBytes } from 'node:crypto';
import type { Database, Queries } from '@whatsthecraic/platform/database';
import { isDuplicateKey } from '@whatsthecraic/platform/database-errors';
import { z } from 'zod';
import { syncProblems } from '../contract/spotify.ts';
import type { Taste } from '../spotify/taste.ts';
import type { SealedTokens } from '../spotify/token-box.ts';

export type SyncProblem = (typeof syncProblems)[number];
export type LinkState = 'active' | 'broken';

const link = z.object({
  spotifyId: z.string(),
  displayName: z.string().nullable(),
  state: z.enum(['active', 'broken']),
  problem: z.enum(syncProblems).nullable(),
  linkedAt: z.date(),
  syncedAt: z.date().nullable(),
});

const json = (text: string): unknown => JSON.parse(text);
const taste = z.object({
  artists: z
    .string()
    .transform(json)
    .pipe(z.array(z.object({ id: z.string(), name: z.string() }))),
  genres: z.string().transform(json).pipe(z.array(z.string())),
  fetchedAt: z.date(),
});

const sealed = { keyId: z.string(), tokens: z.instanceof(Buffer) };
const claimed = z.object({
  userId: z.number(),
  spotifyId: z.string(),
  failures: z.number(),
  ...sealed,
});

/** A link that this process is at work on. */
export interface ClaimedLink {
  readonly claim: Buffer;
  readonly userId: number;
  readonly spotifyId: string;
  readonly failures: number;
  readonly tokens: SealedTokens;
}

export interface NewLink {
  readonly userId: number;
  readonly spotifyId: string;
  readonly displayName: string | null;
  readonly tokens: SealedTokens;
  readonly at: Date;
}

/** A link as its owner may see it. */
export async function findLink(queries: Queries, userId: number) {
  const sql = `SELECT spotify_id AS spotifyId, display_name AS displayName, state, problem,
      linked_at AS linkedAt, synced_at AS syncedAt
    FROM spotify_links WHERE user_id = ?`;
  const [found] = await queries.query(sql, [userId], link);
  return found;
}

export async function findTaste(queries: Queries, userId: number) {
  const sql = `SELECT artists, genres, fetched_at AS fetchedAt FROM spotify_tastes
    WHERE user_id = ?`;
  const [found] = await queries.query(sql, [userId], taste);
  return found;
}

/** Makes a link or mends one; never touches that of anybody else. */
export async function keepLink(
  queries: Queries,
  { userId, spotifyId, displayName, tokens, at }: NewLink,
): Promise<'kept' | 'taken' | 'other'> {
  const sql = `SELECT spotify_id AS spotifyId FROM spotify_links WHERE user_id = ? FOR UPDATE`;
  const [mine] = await queries.query(sql, [userId], z.object({ spotifyId: z.string() }));
  if (mine && mine.spotifyId !== spotifyId) return 'other';
  const values = [displayName, tokens.keyId, tokens.bytes, at];
  if (mine) {
    await queries.run(
      `UPDATE spotify_links SET display_name = ?, key_id = ?, tokens = ?, next_sync_at = ?,
         state = 'active', problem = NULL, failures = 0, claim = NULL, claimed_until = NULL
       WHERE user_id = ?`,
      [...values, userId],
    );
    return 'kept';
  }
  try {
    await queries.run(
      `INSERT INTO spotify_links
         (display_name, key_id, tokens, next_sync_at, linked_at, user_id, spotify_id)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      [...values, at, userId, spotifyId],
    );
    return 'kept';
  } catch (error) {
    if (isDuplicateKey(error, 'uq_spotify_links_spotify_id')) return 'taken';
    throw error;
  }
}

/** With it go its tokens and what came from Spotify. */
export async function removeLink(queries: Queries, userId: number): Promise<boolean> {
  const { affectedRows } = await queries.run('DELETE FROM spotify_links WHERE user_id = ?', [
    userId,
  ]);
  return affectedRows === 1;
}

export async function askForSync(queries: Queries, userId: number, at: Date): Promise<void> {
  await queries.run(
    `UPDATE spotify_links SET next_sync_at = LEAST(next_sync_at, ?)
     WHERE user_id = ? AND state = 'active'`,
    [at, userId],
  );
}

/** Longer than all calls of one synchronisation may take together. */
const CLAIM_SECONDS = 90;
const UNCLAIMED = '(claimed_until IS NULL OR claimed_until <= NOW(3))';

/**
 * Takes one link that is due, for this process alone: by the database's clock no other one has it until
 * the claim is over. So a refresh token is never used twice.
 */
export async function claimDueLink(database: Database, at: Date): Promise<ClaimedLink | undefined> {
  for (;;) {
    const [due] = await database.query(
      `SELECT user_id AS userId FROM spotify_links
       WHERE state = 'active' AND next_sync_at <= ? AND ${UNCLAIMED}
       ORDER BY next_sync_at LIMIT 1`,
      [at],
      z.object({ userId: z.number() }),
    );
    if (!due) return undefined;
    const claim = randomBytes(16);
    const { affectedRows } = await database.run(
      `UPDATE spotify_links
       SET claim = ?, claimed_until = NOW(3) + INTERVAL ${CLAIM_SECONDS} SECOND
       WHERE user_id = ? AND state = 'active' AND next_sync_at <= ? AND ${UNCLAIMED}`,
      [claim, due.userId, at],
    );
    if (affectedRows === 0) continue; // Another one was faster.
    const [found] = await database.query(
      `SELECT user_id AS userId, spotify_id AS spotifyId, failures, key_id AS keyId, tokens
       FROM spotify_links WHERE user_id = ? AND claim = ?`,
      [due.userId, claim],
      claimed,
    );
    if (!found) continue; // It was taken off a moment ago.
    const { keyId, tokens, ...rest } = found;
    return { ...rest, claim, tokens: { keyId, bytes: tokens } };
  }
}

/** `false` when the link was taken off or mended meanwhile: then these are nobody's any more. */
export async function saveTokens(
  queries: Queries,
  { userId, claim }: ClaimedLink,
  { keyId, bytes }: SealedTokens,
): Promise<boolean> {
  const { affectedRows } = await queries.run(
    'UPDATE spotify_links SET key_id = ?, tokens = ? WHERE user_id = ? AND claim = ?',
    [keyId, bytes, userId, claim],
  );
  return affectedRows === 1;
}

export interface SyncEnd {
  readonly state: LinkState;
  readonly problem: SyncProblem | null;
  readonly failures: number;
  readonly nextSyncAt: Date;
}

/** Notes how a synchronisation ended and gives the link back; `false` when it is no longer this one's. */
export async function endSync(
  queries: Queries,
  { userId, claim }: ClaimedLink,
  { state, problem, failures, nextSyncAt }: SyncEnd,
): Promise<boolean> {
  const { affectedRows } = await queries.run(
    `UPDATE spotify_links SET state = ?, problem = ?, failures = ?, next_sync_at = ?,
       claim = NULL, claimed_until = NULL
     WHERE user_id = ? AND claim = ?`,
    [state, problem, failures, nextSyncAt, userId, claim],
  );
  return affectedRows === 1;
}

/** Leaves a link as due as it was, for another one. */
export async function giveBack(queries: Queries, { userId, claim }: ClaimedLink): Promise<void> {
  await queries.run(
    `UPDATE spotify_links SET claim = NULL, claimed_until = NULL WHERE user_id = ? AND claim = ?`,
    [userId, claim],
  );
}

export async function keepTaste(
  queries: Queries,
  userId: number,
  { artists, genres }: Taste,
  at: Date,
): Promise<void> {
  await queries.run(
    `INSERT INTO spotify_tastes (user_id, artists, genres, fetched_at) VALUES (?, ?, ?, ?)
     ON DUPLICATE KEY UPDATE artists = VALUES(artists), genres = VALUES(genres),
       fetched_at = VALUES(fetched_at)`,
    [userId, JSON.stringify(artists), JSON.stringify(genres), at],
  );
  await queries.run('UPDATE spotify_links SET synced_at = ? WHERE user_id = ?', [at, userId]);
}

const stored = z.object({ userId: z.number(), spotifyId: z.string(), ...sealed });
export type StoredTokens = z.output<typeof stored>;

/** Links whose tokens lie under another key than this one, by their users' numbers. */
export const findOtherKeys = (queries: Queries, keyId: string, after: number) =>
  queries.query(
    `SELECT user_id AS userId, spotify_id AS spotifyId, key_id AS keyId, tokens
     FROM spotify_links WHERE key_id <> ? AND user_id > ? ORDER BY user_id LIMIT 100`,
    [keyId, after],
    stored,
  );

/** `false` when the tokens were exchanged meanwhile, which has put them under the new key already. */
export async function replaceTokens(
  queries: Queries,
  { userId, tokens }: StoredTokens,
  next: SealedTokens,
): Promise<boolean> {
  const { affectedRows } = await queries.run(
    'UPDATE spotify_links SET key_id = ?, tokens = ? WHERE user_id = ? AND tokens = ?',
    [next.keyId, next.bytes, userId, tokens],
  );
  return affectedRows === 1;
}
