import type { Queries } from '@whatsthecraic/platform/database';
import { z } from 'zod';
import type { TimeWindow } from '../domain/time-window.ts';
import { closedUntil, type State } from '../ingestion/due.ts';
import type { BadRow } from '../sources/rows.ts';

/** The scope of what concerns a source as a whole. */
export const GATE = '*';

export interface Outcome {
  readonly startedAt: Date;
  readonly events: number;
  readonly changed: number;
  readonly elsewhere: number;
  readonly bad: number;
  readonly badRows: readonly BadRow[];
  readonly missing: number;
  readonly error: string | null;
}

interface Success {
  readonly window: TimeWindow;
  /** How long it need not be asked for again. */
  readonly freshMs: number;
}

interface Failure {
  readonly error: string;
  readonly retryAt: Date | undefined;
}

export interface SourceStates {
  /** By scope. */
  of(source: string): Promise<ReadonlyMap<string, State>>;
  succeeded(source: string, scope: string, success: Success, now: Date): Promise<void>;
  /** Closes a scope, or the source as a whole; gives back until when. */
  failed(source: string, scope: string, failure: Failure, now: Date): Promise<Date>;
  request(source: string, scope: string, now: Date): Promise<void>;
  /** How many calls there were today. */
  callsOf(source: string, now: Date): Promise<number>;
  /** Counts a call of today, and gives back how many there are with it. */
  countCall(source: string, now: Date): Promise<number>;
  note(source: string, scope: string, outcome: Outcome, now: Date): Promise<void>;
  forgetOld(now: Date): Promise<void>;
}

const KEEP_MS = 30 * 86_400_000;

const stateRow = z.object({
  scope: z.string(),
  windowTo: z.date().nullable(),
  succeededAt: z.date().nullable(),
  failures: z.int(),
  dueAt: z.date().nullable(),
  requestedAt: z.date().nullable(),
  error: z.string().nullable(),
});

export function createSourceStates(database: Queries): SourceStates {
  const { query, run } = database;
  return {
    async of(source) {
      const rows = await query(
        `SELECT scope, window_to AS windowTo, succeeded_at AS succeededAt, failures, due_at AS dueAt,
           requested_at AS requestedAt, error FROM source_states WHERE source = ?`,
        [source],
        stateRow,
      );
      return new Map(rows.map(({ scope, ...state }) => [scope, state]));
    },
    async succeeded(source, scope, { window: { from, to }, freshMs }, now) {
      await run(
        `INSERT INTO source_states (source, scope, succeeded_at, window_from, window_to, due_at)
         VALUES (?, ?, ?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE succeeded_at = VALUES(succeeded_at), due_at = VALUES(due_at),
           window_from = VALUES(window_from), window_to = VALUES(window_to), failures = 0, error = NULL`,
        [source, scope, now, from, to, new Date(now.getTime() + freshMs)],
      );
      await run(
        `UPDATE source_states SET failures = 0, due_at = NULL, error = NULL
         WHERE source = ? AND scope = ? AND failures > 0`,
        [source, GATE],
      );
    },
    async failed(source, scope, { error, retryAt }, now) {
      const state = (await this.of(source)).get(scope);
      const failures = (state?.failures ?? 0) + 1;
      const until = closedUntil(failures, retryAt, now);
      await run(
        `INSERT INTO source_states (source, scope, failures, due_at, error) VALUES (?, ?, ?, ?, ?)
         ON DUPLICATE KEY UPDATE failures = VALUES(failures), due_at = VALUES(due_at),
           error = VALUES(error)`,
        [source, scope, failures, until, error.slice(0, 500)],
      );
      return until;
    },
    async request(source, scope, now) {
      await run(
        `INSERT INTO source_states (source, scope, requested_at) VALUES (?, ?, ?)
         ON DUPLICATE KEY UPDATE requested_at = VALUES(requested_at)`,
        [source, scope, now],
      );
    },
    async countCall(source, now) {
      const day = now.toISOString().slice(0, 10);
      await run(
        `INSERT INTO source_calls (source, day, calls) VALUES (?, ?, 1)
         ON DUPLICATE KEY UPDATE calls = calls + 1`,
        [source, day],
      );
      return this.callsOf(source, now);
    },
    async callsOf(source, now) {
      const [row] = await query(
        'SELECT calls FROM source_calls WHERE source = ? AND day = ?',
        [source, now.toISOString().slice(0, 10)],
        z.object({ calls: z.int() }),
      );
      return row?.calls ?? 0;
    },
    async note(source, scope, outcome, now) {
      const { startedAt, events, changed, elsewhere, bad, badRows, missing, error } = outcome;
      await run(
        `INSERT INTO ingestions (source, scope, started_at, ended_at, events, changed, elsewhere, bad,
           bad_rows, missing, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [
          ...[source, scope, startedAt, now, events, changed, elsewhere, bad],
          badRows.length > 0 ? JSON.stringify(badRows) : null,
          missing,
          error?.slice(0, 500) ?? null,
        ],
      );
    },
    async forgetOld(now) {
      const before = new Date(now.getTime() - KEEP_MS);
      await run('DELETE FROM ingestions WHERE started_at < ?', [before]);
      await run('DELETE FROM source_calls WHERE day < ?', [before.toISOString().slice(0, 10)]);
    },
  };
}
