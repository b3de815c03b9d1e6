import { createLog } from '@whatsthecraic/platform/log';
import type { ExecutionContext } from 'ava';
import {
  type TestDatabase,
  testServerConfig,
  testVerifier,
} from '../../../platform/test/helpers/database.ts';
import { startReady } from '../../../platform/test/helpers/service.ts';
import { createEventsService } from '../../src/app.ts';
import type { Config } from '../../src/config.ts';

export type Headers = Readonly<Record<string, string>>;

/** events-service on a test's own database, with every answer checked against the contract. */
export async function startEvents(
  t: ExecutionContext,
  database: TestDatabase,
  config: Partial<Config> = {},
) {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const log = createLog({ service: 'events-service', level: 'info', destination });
  const service = createEventsService(
    {
      ...testServerConfig,
      database: database.config,
      tokens: testVerifier,
      sourcesUrl: null,
      // Nothing listens there.
      mlServiceUrl: 'http://127.0.0.1:9',
      spotify: { clientId: null, clientSecret: null },
      ...config,
    },
    { checkResponses: true, log },
  );
  const { url } = await startReady(t, service);
  const call = (method: string, path: string, headers: Headers = {}, body?: unknown) =>
    fetch(url + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return {
    url,
    call,
    /** What was logged so far. */
    lines,
    get: (path: string, headers?: Headers) => call('GET', path, headers),
    /** The body of a 200; anything else fails the test. */
    async json<T>(path: string, headers?: Headers) {
      const answer = await call('GET', path, headers);
      t.is(answer.status, 200, await answer.clone().text());
      return (await answer.json()) as T;
    },
  };
}
