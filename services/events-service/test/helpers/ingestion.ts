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
import { limits } from '../../src/sources/limits.ts';
import type { SourceConfig } from '../../src/sources/settings.ts';

const HOUR_MS = 3_600_000;
const key = new Secret('a-key');

/** Keys and lists for all sources. */
export const allSources: SourceConfig = { ticketmasterKey: key };

/** Stand-ins, a clock that a test moves, and runs against them. */
export async function startIngestion(
  t: ExecutionContext,
  { config, admin }: TestDatabase,
  standIns: readonly StandIn[],
  sourceConfig: SourceConfig = allSources,
) {
  const server = createSourcesServer(standIns);
  const url = await server.listen();
  const log = silentLog('ingest');
  const database = openDatabase({ config, log, connections: 3 });
  t.teardown(async () => {
    await database.close();
    await server.close();
  });
  let now = Date.now();
  const clock = { now: () => new Date(now) };
  const run = (options: Partial<IngestionOptions> = {}) =>
    runIngestion({
      database,
      sources: createSources(sourceConfig, url),
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
