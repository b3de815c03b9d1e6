import { createInterface } from 'node:readline/promises';
import { readConfig } from '@whatsthecraic/platform/config';
import { openDatabase } from '@whatsthecraic/platform/database';
import { createMetrics } from '@whatsthecraic/platform/metrics';
import { databaseSettings } from '@whatsthecraic/platform/settings';
import { sourcesUrl, spotifySettings } from '@whatsthecraic/platform/spotify/settings';
import { silentLog } from '../../../../platform/test/helpers/service.ts';
import { artistSearch } from '../../../src/spotify/artists.ts';
import { createSpotify } from '../../../src/spotify/service.ts';

/** A job beside the replicas that asks Spotify as they do, patiently: a name a line, an outcome a line. */
const config = readConfig({ database: databaseSettings, sourcesUrl, spotify: spotifySettings });
const log = silentLog('job');
const database = openDatabase({ config: config.database, log, connections: 2 });
const metrics = createMetrics({ service: 'job', source: 'src-test', commit: 'abc' });
const client = createSpotify(config, database, log, metrics);
console.log('ready');
for await (const name of createInterface({ input: process.stdin })) {
  const outcome = await client?.get(artistSearch(name), { deadlineMs: 60_000 }).then(
    () => 'found',
    (error: { code: string }) => error.code,
  );
  console.log(outcome);
}
await client?.close();
await database.close();
