import { readConfig } from '@whatsthecraic/platform/config';
import { openDatabase } from '@whatsthecraic/platform/database';
import { rootCause } from '@whatsthecraic/platform/errors';
import { createLog } from '@whatsthecraic/platform/log';
import { runAlerts } from './alerts/run.ts';
import { alertSettings } from './config.ts';

/** The command: finds what is new for people's alerts and puts their mails into the outbox, once. */
const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => stop.abort(new Error(`stopped by ${signal}`)));
}
try {
  const config = readConfig(alertSettings);
  const log = createLog({ service: 'alerts', level: config.logLevel });
  const database = openDatabase({
    ...{ config: config.database, log, connections: 2 },
    // It reads for everybody at once, and nobody waits for it.
    statementTimeoutMs: 30_000,
  });
  try {
    log.info(await runAlerts({ database, log, signal: stop.signal }), 'alerts done');
  } finally {
    await database.close();
  }
} catch (error) {
  const { message } = error as Error;
  const reason = rootCause(error);
  process.stderr.write(`no alerts: ${reason === message ? message : `${message}: ${reason}`}\n`);
  process.exitCode = 1;
}
