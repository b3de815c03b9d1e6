import type { ExecutionContext } from 'ava';
import { type AppOptions, createApp } from '../../src/app.ts';
import { createHealth, type Dependency } from '../../src/health.ts';
import { createLog } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import { type RunningServer, type ServerConfig, serve } from '../../src/server.ts';
import type { Service } from '../../src/service.ts';

export interface Started {
  readonly url: string;
  readonly metricsUrl: string;
  readonly server: RunningServer;
  readonly service: Service;
  /** The lines logged so far. */
  readonly lines: Record<string, unknown>[];
}

const FREE_PORTS: ServerConfig = { port: 0, metricsPort: 0, drainMs: 0, stopDeadlineMs: 2_000 };

type Options = Pick<AppOptions, 'routes'> &
  Partial<AppOptions> & {
    readonly dependencies?: readonly Dependency[];
    readonly without?: Readonly<Record<string, string>>;
    readonly config?: Partial<ServerConfig>;
    readonly warmUpPaths?: readonly string[];
  };

/** A small service of the test's own routes on free ports of loopback, stopped with the test. */
export async function start(t: ExecutionContext, options: Options): Promise<Started> {
  const { dependencies = [], without = {}, config = {}, warmUpPaths = [], ...app } = options;
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const log = createLog({ service: 'test', level: 'debug', destination });
  const build = { service: 'test', source: 'src-test', commit: 'abc' };
  const metrics = createMetrics(build);
  const health = createHealth({
    ...build,
    dependencies,
    without,
    log,
    intervalMs: 20,
    firstIntervalMs: 10,
    timeoutMs: 200,
  });
  const service: Service = {
    app: createApp({
      api: { title: 'Test', version: '1.0.0', description: 'A test.' },
      health,
      metrics,
      log,
      checkResponses: true,
      ...app,
    }),
    health,
    metrics,
    log,
    warmUpPaths,
    close: async () => {},
  };
  return { ...(await startService(t, service, config)), lines };
}

/** Any service on free ports of loopback, stopped with the test. */
export async function startService(
  t: ExecutionContext,
  service: Service,
  config: Partial<ServerConfig> = {},
): Promise<Omit<Started, 'lines'>> {
  const server = await serve(service, { ...FREE_PORTS, ...config });
  t.teardown(() => server.stop());
  return {
    url: `http://127.0.0.1:${server.port}`,
    metricsUrl: `http://127.0.0.1:${server.metricsPort}`,
    server,
    service,
  };
}

/** Asks until the condition holds; fails the test when it does not in time. */
export async function until(
  condition: () => Promise<boolean> | boolean,
  ms = 5_000,
): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not so within ${ms} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
