import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';
import { testServerConfig } from '../../../platform/test/helpers/database.ts';
import { silentLog } from '../../../platform/test/helpers/service.ts';
import { startService } from '../../../platform/test/helpers/start.ts';
import { type AggregatorOverrides, createAggregator } from '../../src/app.ts';
import type { Config } from '../../src/config.ts';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server in an upstream's place that notes what reaches it. */
export async function startUpstream(t: ExecutionContext, answer: RequestListener) {
  const seen: Seen[] = [];
  const server = createServer(async (req, res) => {
    let body = '';
    for await (const chunk of req) body += chunk;
    if (req.url === '/readyz') {
      res.end('ready');
      return;
    }
    seen.push({ method: req.method ?? '', url: req.url ?? '', headers: req.headers, body });
    answer(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, server };
}

/** Nothing listens on port 1. */
const NOWHERE = 'http://127.0.0.1:1';

export async function startAggregator(
  t: ExecutionContext,
  upstreams: Partial<Config['upstreams']>,
  {
    requestsPerMinute = 0,
    port = 0,
    ...overrides
  }: AggregatorOverrides & { requestsPerMinute?: number; port?: number } = {},
) {
  const all = { auth: NOWHERE, events: NOWHERE, dj: NOWHERE, venue: NOWHERE, ml: NOWHERE };
  const config = {
    ...testServerConfig,
    requestsPerMinute,
    upstreams: { ...all, ...upstreams },
  };
  const service = createAggregator(config, { log: silentLog('aggregator'), ...overrides });
  return startService(t, service, { port });
}

export const sendJson =
  (value: unknown, status = 200, headers: Record<string, string> = {}): RequestListener =>
  (_req, res) => {
    res.writeHead(status, { 'content-type': 'application/json', ...headers });
    res.end(JSON.stringify(value));
  };
