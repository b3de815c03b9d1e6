import { z } from 'zod';
import type { Queries } from '../database.ts';

/** Older than this, what was told says nothing: whoever tells it is away for a while. */
const GOOD_FOR_SECONDS = 300;

/** The one service that sends mail says whether it can, for those that only write letters. */
export async function tellMail(queries: Queries, isConfigured: boolean): Promise<void> {
  await queries.run(
    `INSERT INTO mail_senders (id, is_configured, told_at) VALUES (1, ?, NOW(3))
     ON DUPLICATE KEY UPDATE is_configured = VALUES(is_configured), told_at = VALUES(told_at)`,
    [isConfigured ? 1 : 0],
  );
}

/** Whether a letter will never leave: nobody is promised one then. Unless it was told lately, it may. */
export async function isMailOff(queries: Queries): Promise<boolean> {
  const found = await queries.query(
    `SELECT 1 FROM mail_senders
     WHERE is_configured = 0 AND told_at > NOW(3) - INTERVAL ${GOOD_FOR_SECONDS} SECOND`,
    [],
    z.unknown(),
  );
  return found.length > 0;
}
