import type { Database } from '@whatsthecraic/platform/database';
import type { Log } from '@whatsthecraic/platform/log';
import { enqueueDigests, followDigests, sweepUnsubscribes } from '../store/alert-digests.ts';
import { findNotices } from '../store/alert-search.ts';

export interface AlertRun {
  readonly database: Database;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Looks for what is new for everybody's alerts, and puts one mail for each person into the outbox. */
export async function runAlerts({ database, log, signal }: AlertRun) {
  const { told, released, waiting } = await followDigests(database);
  const found = await findNotices(database, signal);
  const mails = await enqueueDigests(database, signal);
  await sweepUnsubscribes(database);
  if (waiting.mails > 0) {
    log.warn(
      waiting,
      'mails of alerts wait for auth-service: it has no SMTP_URL, or does not reach the mail server',
    );
  }
  return { told, released, found, mails };
}
