import type { Database } from '@whatsthecraic/platform/database';
import { forgetOldKeys } from '@whatsthecraic/platform/idempotency';
import type { Job } from '@whatsthecraic/platform/job';
import { followMails } from './store/contact-requests.ts';

const MINUTE_MS = 60_000;

/** What the service does by itself. */
export const createJobs = (database: Database): readonly Job[] => [
  { name: 'contact requests', everyMs: MINUTE_MS, run: () => followMails(database) },
  { name: 'old idempotency keys', everyMs: 60 * MINUTE_MS, run: () => forgetOldKeys(database) },
];
