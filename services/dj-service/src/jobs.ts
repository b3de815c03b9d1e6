import type { Database } from '@whatsthecraic/platform/database';
import { forgetOldKeys } from '@whatsthecraic/platform/idempotency';
import type { Job } from '@whatsthecraic/platform/job';
import type { Log } from '@whatsthecraic/platform/log';
import { fetchRates } from './rates/fetch-rates.ts';
import { createRateStore } from './store/rates.ts';

const MINUTE_MS = 60_000;
/** The bank publishes once a day at about 16:00 in Frankfurt; so no day's rate is much later here. */
const RATES_LIFE_MS = 6 * 60 * MINUTE_MS;

/** What the service does by itself. */
export function createJobs(ratesUrl: string, database: Database, log: Log): readonly Job[] {
  const rates = createRateStore(database);
  return [
    {
      name: 'exchange rates',
      everyMs: 10 * MINUTE_MS,
      async run(signal) {
        const age = await rates.age();
        if (age === undefined || age > RATES_LIFE_MS) {
          await fetchRates(ratesUrl, rates, log, signal);
        }
      },
    },
    { name: 'old idempotency keys', everyMs: 60 * MINUTE_MS, run: () => forgetOldKeys(database) },
  ];
}
