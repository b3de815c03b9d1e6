import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Service } from './service.ts';
import { createDrain } from './stop.ts';
import { warmUp } from './warm-up.ts';

export interface ServerConfig {
  readonly port: number;
  readonly metricsPort: number;
  /** Every address of the machine unless told. */
  readonly address?: string | null;
  readonly drainMs: number;
  readonly stopDeadlineMs: number;
  /** How often a service asks itself before others may; not at all if absent. */
  readonly warmUpRequests?: number;
}

export interface RunningServer {
  readonly port: number;
  readonly metricsPort: number;
  /** Takes no more requests, answers those under way, closes all; `false` if the deadline cut some. */
  stop(): Promise<boolean>;
}

/** Listens on the service's port and its metrics port, then begins to ask the dependencies. */
export async function serve(service: Service, config: ServerConfig): Promise<RunningServer> {
  const { app, health, metrics, log } = service;
  // Express' own type names its extended request; Node's listener hands it a plain one.
  const server = createServer(LIMITS, app as unknown as RequestListener);
  const drain = createDrain(server);
  const metricsServer = createServer(LIMITS, metricsListener(service));
  const metricsDrain = createDrain(metricsServer);
  const port = await listen(server, config.port, config.address);
  const metricsPort = await listen(metricsServer, config.metricsPort, config.address).catch(
    (error) => {
      server.close();
      throw error;
    },
  );
  metrics.collectProcess();
  const { warmUpPaths: paths = [] } = service;
  const { warmUpRequests: requests = 0 } = config;
  if (requests > 0 && paths.length > 0) {
    health.prepare(() => warmUp({ port, paths, requests, log, metrics }));
  }
  health.start();
  service.start?.();
  log.info({ port, metricsPort }, 'listening');

  let stopped: Promise<boolean> | undefined;
  const stop = async () => {
    health.markStopping();
    log.info({}, 'stopping');
    const inTime = await drain.close(config.drainMs, config.stopDeadlineMs);
    health.stop();
    await service.close();
    await metricsDrain.close(0, 1_000);
    log.info({ inTime }, 'stopped');
    return inTime;
  };
  return {
    port,
    metricsPort,
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

const LIMITS = {
  // Longer than Traefik keeps an idle connection to us (90 s), or it writes into a closing socket.
  keepAliveTimeout: 95_000,
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 5_000,
};

function metricsListener({ metrics, log }: Service): RequestListener {
  return function sendMetrics(req, res) {
    if (req.url !== '/metrics') {
      res.writeHead(404).end();
      return;
    }
    metrics.registry.metrics().then(
      (text) => res.writeHead(200, { 'Content-Type': metrics.registry.contentType }).end(text),
      (error) => {
        log.error({ err: error }, 'metrics failed');
        res.writeHead(500).end();
      },
    );
  };
}

function listen(server: Server, port: number, address: string | null = null): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, ...(address ? { host: address } : {}) }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
