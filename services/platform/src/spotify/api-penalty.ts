import { z } from 'zod';
import type { Database } from '../database.ts';
import type { SharedPenalty } from './shared-penalty.ts';

const row = z.object({ leftMs: z.number() });

/** A penalty in the database, by its clock alone: the replicas' own may differ. */
export function createApiPenalty(database: Database, api: string): SharedPenalty {
  return {
    async left() {
      const [found] = await database.query(
        `SELECT CEIL(TIMESTAMPDIFF(MICROSECOND, NOW(3), closed_until) / 1000) AS leftMs
         FROM api_penalties WHERE api = ?`,
        [api],
        row,
      );
      return Math.max(0, found?.leftMs ?? 0);
    },
    async extend(ms) {
      const microseconds = Math.ceil(ms * 1_000);
      await database.run(
        `INSERT INTO api_penalties (api, closed_until) VALUES (?, NOW(3) + INTERVAL ? MICROSECOND)
         ON DUPLICATE KEY UPDATE closed_until = GREATEST(closed_until, VALUES(closed_until))`,
        [api, microseconds],
      );
    },
  };
}
