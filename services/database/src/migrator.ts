import type { Connection, RowDataPacket } from 'mysql2/promise';
import { applyMigration, resolveDoubt } from './apply.ts';
import { DatabaseCommandError } from './errors.ts';
import { createHistory, readHistory, writeProgress } from './history.ts';
import { type Migration, migrationLabel } from './migration-files.ts';
import { type Plan, planMigrations } from './plan.ts';

export interface MigrateOptions {
  readonly migrations: readonly Migration[];
  readonly say?: (line: string) => void;
  readonly now?: () => number;
  /** What somebody found who looked at the statement in which a run was cut off. */
  readonly interrupted?: 'done' | 'again' | undefined;
  readonly lockSeconds?: number;
}

const LOCK = 'wtc_migrate';

/** Brings the database to the newest migration, one run at a time; gives back how many it applied. */
export async function migrateUp(connection: Connection, options: MigrateOptions): Promise<number> {
  const { migrations, say = () => {}, now = () => performance.now() } = options;
  await takeLock(connection, options.lockSeconds ?? 30, say);
  try {
    // Bounds the wait for tables that a long query holds: the default is a day or a year.
    await connection.query("SET SESSION lock_wait_timeout = 60, SESSION time_zone = '+00:00'");
    await createHistory(connection);
    const plan = planMigrations(migrations, await readHistory(connection));
    let done = await settleStart(connection, plan, options);
    for (const migration of plan.pending) {
      const durationMs = await applyMigration(connection, migration, done, now);
      say(`applied ${migrationLabel(migration)} in ${durationMs} ms`);
      done = 0;
    }
    return plan.pending.length;
  } finally {
    // A broken connection has given the lock back by itself.
    await connection.query('DO RELEASE_LOCK(?)', [LOCK]).catch(() => {});
  }
}

/** What is pending; throws where files and database contradict each other. Changes nothing. */
export async function checkMigrations(
  connection: Connection,
  migrations: readonly Migration[],
): Promise<Plan> {
  return planMigrations(migrations, await readHistory(connection));
}

async function settleStart(
  connection: Connection,
  { pending, done, doubtful }: Plan,
  { interrupted, say }: MigrateOptions,
): Promise<number> {
  const [first] = pending;
  if (!first || doubtful === undefined) {
    if (first && done > 0) say?.(`continuing ${migrationLabel(first)} after statement ${done}`);
    return done;
  }
  const settled = await resolveDoubt(connection, first, doubtful, interrupted);
  await writeProgress(connection, first, settled, null);
  say?.(
    `continuing ${migrationLabel(first)}: a run was cut off in statement ${doubtful}, ` +
      `which ${settled === doubtful ? 'took' : 'did not take'} effect`,
  );
  return settled;
}

async function takeLock(connection: Connection, seconds: number, say: (line: string) => void) {
  if (await getLock(connection, 0)) return;
  say(`another run is at work; waiting for it up to ${seconds} s`);
  if (await getLock(connection, seconds)) return;
  throw new DatabaseCommandError(
    'MIGRATION_LOCKED',
    `another run has held the lock ${LOCK} for more than ${seconds} s: wait for it to end; ` +
      `SELECT IS_USED_LOCK('${LOCK}') names its connection`,
  );
}

async function getLock(connection: Connection, seconds: number): Promise<boolean> {
  const [rows] = await connection.query<RowDataPacket[]>('SELECT GET_LOCK(?, ?) AS got', [
    LOCK,
    seconds,
  ]);
  return rows[0]?.got === 1;
}
