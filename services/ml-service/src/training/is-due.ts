import type { Database } from '@whatsthecraic/platform/database';
import { z } from 'zod';
import { isTrainingRequested } from '../store/training-requests.ts';
import { latestVersions } from '../store/versions.ts';

const HOUR_MS = 3_600_000;
/** Once a day, and a little less so that the hour does not wander. */
const EVERY_MS = 23 * HOUR_MS;

const countRow = z.object({ found: z.int() });

/** Whether it is time to train, and why: an admin asked, or a day has passed and people did something. */
export async function isDue(database: Database, now: Date): Promise<string | undefined> {
  if (await isTrainingRequested(database)) return 'requested';
  // One that was trained in a future which the clock has come back from tells nothing.
  const versions = await latestVersions(database, 100);
  const latest = versions.find(({ trainedAt }) => trainedAt <= now);
  if (!latest) return (await hasActions(database, new Date(0))) ? 'first' : undefined;
  if (now.getTime() - latest.trainedAt.getTime() < EVERY_MS) return undefined;
  return (await hasActions(database, latest.dataTo)) ? 'daily' : undefined;
}

async function hasActions(database: Database, since: Date): Promise<boolean> {
  const [row] = await database.query(
    `SELECT CAST(EXISTS (SELECT 1 FROM event_saves WHERE saved_at > ?)
       OR EXISTS (SELECT 1 FROM event_hides WHERE hidden_at > ?)
       OR EXISTS (SELECT 1 FROM event_undone WHERE undone_at > ?)
       OR EXISTS (SELECT 1 FROM feedback WHERE at > ?) AS SIGNED) AS found`,
    [since, since, since, since],
    countRow,
  );
  return row?.found === 1;
}
