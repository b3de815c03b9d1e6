import type { ExecutionContext } from 'ava';
import { createLog } from '../../src/log.ts';
import type { Service } from '../../src/service.ts';
import { startService, until } from './start.ts';

export interface ServiceUnderTest {
  readonly url: string;
  readonly metricsUrl: string;
  get(path: string): Promise<Response>;
  /** The body of a 200; anything else fails the test. */
  json<T>(path: string): Promise<T>;
}

export const silentLog = (service: string) => createLog({ service, level: 'silent' });

/** Starts a service and waits until it is ready. */
export async function startReady(t: ExecutionContext, service: Service): Promise<ServiceUnderTest> {
  const { url, metricsUrl } = await startService(t, service);
  await until(async () => (await fetch(`${url}/readyz`)).ok);
  const get = (path: string) => fetch(url + path);
  return {
    url,
    metricsUrl,
    get,
    async json<T>(path: string) {
      const answer = await get(path);
      t.is(answer.status, 200, await answer.clone().text());
      return (await answer.json()) as T;
    },
  };
}
