import type { ExecutionContext } from 'ava';
import type { RowDataPacket } from 'mysql2/promise';
import { createSourcesServer } from '../../../../local/sources/server.ts';
import type { StandIn } from '../../../../local/sources/stand-in.ts';
import { openDatabase } from '../../../platform/src/database.ts';
import { Secret } from '../../../platform/src/secret.ts';
import type { TestDatabase } from '../../../platform/test/helpers/database.ts';
import { silentLog } from '../../../platform/test/helpers/service.ts';
import { type IngestionOptions, runIngestion } from '../../src/ingestion/run.ts';
import { createSources } from '../../src/sources/index.ts';
import { limits, type RemoteSource } from '../../src/sources/limits.ts';
import type { SourceConfig } from '../../src/sources/settings.ts';

const HOUR_MS = 3_600_000;
const key = new Secret('a-key');

/** Keys and lists for all sources. */
export const allSources: SourceConfig = {
  ticketmasterKey: key,
  bandsintown: { appId: key, artists: [], mostArtists: 400 },
  eventbrite: { token: key, organizations: [], venues: [] },
  dice: {
    token: key,
    enabled: true,
    actor: 'someone~dice-fm',
    mostItems: 2_000,
    cities: ['Dublin', 'Cork'],
  },
};

/** These alone have their keys. */
export const only = (...names: readonly RemoteSource[]): SourceConfig => ({
  ticketmasterKey: names.includes('ticketmaster') ? key : null,
  bandsintown: {
    ...allSources.bandsintown,
    appId: names.includes('bandsintown') ? key : null,
  },
  eventbrite: { ...allSources.eventbrite, token: names.includes('eventbrite') ? key : null },
  dice: { ...allSources.dice, token: names.includes('dice') ? key : null },
});

/** What ingestions write, children first. */
const TABLES = [
  'match_decisions',
  'event_sources',
  'event_places',
  'event_artists',
  'event_genres',
  'events',
  'source_states',
  'source_calls',
  'ingestions',
];

/** The tests of a file share a database; each begins with none of the others' rows. */
export async function forgetIngested({ admin }: TestDatabase): Promise<void> {
  for (const table of TABLES) await admin.query(`DELETE FROM ${table}`);
}

/** Stand-ins, a clock that a test moves, and runs against them. */
export async function startIngestion(
  t: ExecutionContext,
  { config, admin }: TestDatabase,
  standIns: readonly StandIn[],
  sourceConfig: SourceConfig = only('ticketmaster'),
) {
  let now = Date.now();
  const server = createSourcesServer(standIns, () => now);
  const url = await server.listen();
  const log = silentLog('ingest');
  const database = openDatabase({ config, log, connections: 3 });
  t.teardown(async () => {
    await database.close();
    await server.close();
  });
  const clock = { now: () => new Date(now) };
  const run = (options: Partial<IngestionOptions> = {}) =>
    runIngestion({
      database,
      sources: createSources(sourceConfig, url, () => now),
      log,
      ...clock,
      // Pauses pass at once, by the clock of the test.
      sleep: async (ms) => {
        now += ms;
      },
      limitsOf: (name) => ({ ...limits[name], perSecond: 1_000_000 }),
      ...options,
    });
  const rows = async <T>(sql: string, ...values: unknown[]) =>
    (await admin.query<(T & RowDataPacket)[]>(sql, values))[0];
  return {
    server,
    url,
    database,
    run,
    rows,
    now: clock.now,
    pass: (hours: number) => {
      now += hours * HOUR_MS;
    },
    one: async <T>(sql: string, ...values: unknown[]) => (await rows<T>(sql, ...values))[0] as T,
  };
}
