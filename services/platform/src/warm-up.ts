import { Agent, get } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { type BoundRoute, isOpen } from './route.ts';

export interface WarmUpOptions {
  readonly port: number;
  readonly paths: readonly string[];
  readonly requests: number;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Few at a time: behind a gateway others are at work, and have callers. */
const AT_ONCE = 2;
const LONGEST_MS = 8_000;

/** The paths that anyone may read without saying more: what a service can ask of itself. */
export const warmUpPaths = (routes: readonly BoundRoute[]): string[] =>
  routes
    .map(({ contract }) => contract)
    .filter(
      ({ method, path, auth, request }) =>
        method === 'get' &&
        isOpen(auth) &&
        !path.includes(':') &&
        (request?.query?.safeParse({}).success ?? true),
    )
    .map(({ path }) => path);

/**
 * Asks a service its own questions before anybody else does. Code that never ran costs several times
 * its later CPU, and a new pod gets all of an old one's callers in one moment: cold, within its
 * limit, it would fall behind and turn some of them away. Neither the log nor the metrics count
 * these; they end early when one fails, since that is no time to ask for more.
 */
export async function warmUp(options: WarmUpOptions): Promise<void> {
  const { port, paths, requests, log, metrics } = options;
  await nextTurn(); // Whoever starts the service is first to finish that.
  const agent = new Agent({ keepAlive: true });
  const startedAt = performance.now();
  const elapsed = () => Math.round(performance.now() - startedAt);
  const { level } = log;
  if (log.isLevelEnabled('info')) log.level = 'warn';
  let asked = 0;
  let failed = false;
  const caller = async () => {
    while (!failed && asked < requests && elapsed() < LONGEST_MS) {
      const path = paths[asked % paths.length] ?? '/';
      asked += 1;
      if (!(await isAnswered({ port, path, agent }))) failed = true;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller));
  agent.destroy();
  metrics.requestDuration.reset();
  log.level = level;
  log.info({ asked, failed, ms: elapsed() }, 'warmed up');
}

function isAnswered(request: { port: number; path: string; agent: Agent }): Promise<boolean> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(LONGEST_MS);
    get({ ...request, host: '127.0.0.1', signal }, (res) => {
      res.resume().once('error', () => resolve(false));
      res.once('end', () => resolve((res.statusCode ?? 500) < 400));
    }).once('error', () => resolve(false));
  });
}
