import { readConfig } from '@whatsthecraic/platform/config';
import { openDatabase } from '@whatsthecraic/platform/database';
import { rootCause } from '@whatsthecraic/platform/errors';
import { createLog } from '@whatsthecraic/platform/log';
import { ratesSettings } from './config.ts';
import { fetchRates } from './rates/fetch-rates.ts';
import { createRateStore } from './store/rates.ts';

/** The command: fetches the exchange rates once, and ends with 1 and the reason when it cannot. */
try {
  const config = readConfig(ratesSettings);
  const log = createLog({ service: 'dj-service' });
  const database = openDatabase({ config: config.database, log, connections: 1 });
  try {
    await fetchRates(config.ratesUrl, createRateStore(database), log);
  } finally {
    await database.close();
  }
} catch (error) {
  const { message } = error as Error;
  const reason = rootCause(error);
  const why = reason === message ? message : `${message}: ${reason}`;
  process.stderr.write(`exchange rates not fetched: ${why}\n`);
  process.exitCode = 1;
}
