import type { ExecutionContext } from 'ava';
import { type TestDatabase, testServerConfig } from '../../../platform/test/helpers/database.ts';
import { senderTo, testTokens } from '../../../platform/test/helpers/keepers.ts';
import { silentLog, startReady } from '../../../platform/test/helpers/service.ts';
import { createDjService } from '../../src/app.ts';

interface Page {
  readonly djs: { id: number; name: string }[];
}

/** The DJ service on a test's database. */
export async function startDjs(t: ExecutionContext, { config: database }: TestDatabase) {
  const config = {
    ...testServerConfig,
    database,
    tokens: testTokens,
    ratesUrl: 'http://127.0.0.1:1/',
  };
  const overrides = { checkResponses: true, log: silentLog('dj-service') };
  const under = await startReady(t, createDjService(config, overrides));
  const names = async (query: string) =>
    (await under.json<Page>(`/v1/djs/search?${query}`)).djs.map(({ name }) => name);
  return { ...under, names, send: senderTo(under.url) };
}
