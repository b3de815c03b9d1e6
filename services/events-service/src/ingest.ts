import { readConfig } from '@whatsthecraic/platform/config';
import { openDatabase } from '@whatsthecraic/platform/database';
import { rootCause } from '@whatsthecraic/platform/errors';
import { createLog } from '@whatsthecraic/platform/log';
import { ingestionSettings } from './config.ts';
import { runIngestion } from './ingestion/run.ts';
import { createSources } from './sources/index.ts';

/** The command: asks each source for what is due, once; ends with 1 when every one that it asked failed. */
const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => stop.abort(new Error(`stopped by ${signal}`)));
}
try {
  const config = readConfig(ingestionSettings);
  const log = createLog({ service: 'ingest', level: config.logLevel });
  const database = openDatabase({ config: config.database, log, connections: 3 });
  try {
    const sources = createSources(config.sources, config.sourcesUrl);
    const summary = await runIngestion({ database, sources, log, signal: stop.signal });
    if (summary)
      log.info({ sources: sources.map(({ name }) => name), ...summary }, 'ingestion done');
    else log.info('another ingestion is at work');
    if (summary && summary.failed > 0 && summary.failed === summary.asked) process.exitCode = 1;
  } finally {
    await database.close();
  }
} catch (error) {
  const { message } = error as Error;
  const reason = rootCause(error);
  process.stderr.write(`not ingested: ${reason === message ? message : `${message}: ${reason}`}\n`);
  process.exitCode = 1;
}
