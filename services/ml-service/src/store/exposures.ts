import { randomBytes } from 'node:crypto';
import type { Database } from '@whatsthecraic/platform/database';

export interface Exposure {
  readonly user: number | null;
  readonly modelVersion: string;
  readonly experiment: string | null;
  readonly variant: string | null;
  readonly events: readonly number[];
  readonly at: Date;
}

/** Keeps what somebody is about to be shown, and gives back the name by which feedback answers to it. */
export async function keepExposure(database: Database, it: Exposure): Promise<string> {
  const id = randomBytes(16).toString('base64url');
  await database.run(
    `INSERT INTO exposures (id, user_id, model_version, experiment, variant, events, shown_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    [id, it.user, it.modelVersion, it.experiment, it.variant, JSON.stringify(it.events), it.at],
  );
  return id;
}

/** Forgets lists that were shown half a year ago, some at a time. What was done upon them stays. */
export async function forgetOldExposures(database: Database): Promise<void> {
  await database.run(
    `DELETE FROM exposures WHERE shown_at < DATE_SUB(NOW(3), INTERVAL 180 DAY)
     ORDER BY shown_at LIMIT 1000`,
    [],
  );
}
