import type { ExecutionContext } from 'ava';
import {
  type TestDatabase,
  testServerConfig,
  testVerifier,
} from '../../../platform/test/helpers/database.ts';
import { makePeople, senderTo } from '../../../platform/test/helpers/keepers.ts';
import { silentLog, startReady } from '../../../platform/test/helpers/service.ts';
import { createDjService } from '../../src/app.ts';

interface Page {
  readonly djs: { id: number; name: string }[];
}

/** The DJ service on a test's database. */
export async function startDjs(t: ExecutionContext, server: TestDatabase) {
  const { config: database } = server;
  await makePeople(server);
  const config = {
    ...testServerConfig,
    database,
    tokens: testVerifier,
    ratesUrl: 'http://127.0.0.1:1/',
  };
  const overrides = { checkResponses: true, log: silentLog('dj-service') };
  const under = await startReady(t, createDjService(config, overrides));
  const names = async (query: string) =>
    (await under.json<Page>(`/v1/djs/search?${query}`)).djs.map(({ name }) => name);
  return { ...under, names, send: senderTo(under.url) };
}
