import type { Database } from '@whatsthecraic/platform/database';
import { z } from 'zod';

const LOCK = 'whatsthecraic_training';
const row = z.object({ held: z.int().nullable() });

/** Somebody else trains, or our lock was lost with its connection. */
export class TrainingLocked extends Error {
  override readonly name = 'TrainingLocked';
  readonly code = 'TRAINING_LOCKED';
}

/**
 * Held by a connection of its own (`database` must have but one), so that it goes with the process
 * whatever ends it.
 */
export async function takeTrainingLock(database: Database): Promise<{ check(): Promise<void> }> {
  const [taken] = await database.query('SELECT GET_LOCK(?, 0) AS held', [LOCK], row);
  if (taken?.held !== 1) throw new TrainingLocked('another training is under way');
  return {
    async check() {
      const [still] = await database.query(
        'SELECT IS_USED_LOCK(?) = CONNECTION_ID() AS held',
        [LOCK],
        row,
      );
      if (still?.held !== 1) throw new TrainingLocked('the lock was lost with its connection');
    },
  };
}
