import type { Database } from '@whatsthecraic/platform/database';
import { forgetOldKeys } from '@whatsthecraic/platform/idempotency';
import type { Job } from '@whatsthecraic/platform/job';

const DAY_MS = 86_400_000;

/** What is of no use any more, and how long it stays for whoever asks what happened. */
const rules: readonly { table: string; column: string; keptMs: number }[] = [
  { table: 'sessions', column: 'expires_at', keptMs: 30 * DAY_MS },
  { table: 'throttles', column: 'ends_at', keptMs: 0 },
  { table: 'one_time_tokens', column: 'expires_at', keptMs: DAY_MS },
  { table: 'spotify_attempts', column: 'expires_at', keptMs: DAY_MS },
  { table: 'pending_signups', column: 'expires_at', keptMs: 0 },
  { table: 'mail_outbox', column: 'expires_at', keptMs: 7 * DAY_MS },
];
const AT_ONCE = 500;

/** Removes what has expired, a few rows at a time, so that nobody waits for it. */
export const sweepJob = (database: Database, now: () => number, everyMs = 300_000): Job => ({
  name: 'sweep',
  everyMs,
  async run(signal) {
    await forgetOldKeys(database);
    for (const { table, column, keptMs } of rules) {
      const before = new Date(now() - keptMs);
      let deleted = AT_ONCE;
      while (deleted === AT_ONCE && !signal.aborted) {
        const sql = `DELETE FROM ${table} WHERE ${column} <= ? ORDER BY ${column} LIMIT ${AT_ONCE}`;
        deleted = (await database.run(sql, [before])).affectedRows;
      }
    }
  },
});
