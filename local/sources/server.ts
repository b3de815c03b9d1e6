import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, Faults } from './faults.ts';
import type { Call, Reply, StandIn } from './stand-in.ts';

export interface SourcesServer {
  readonly faults: Faults;
  /** What was asked so far, `<source> <path>?<query>`, oldest first. */
  readonly calls: string[];
  /** Listens, and gives back the base URL: below `/<source>` each source answers. */
  listen(port?: number, address?: string): Promise<string>;
  close(): Promise<void>;
}

const LARGEST_BODY = 1024 * 1024;
const KEPT_CALLS = 100_000;
// As real ones do, longer than any client rests between two calls, a fault's silence included.
const KEEP_ALIVE_MS = 95_000;

/** One server for the stand-ins of all paid APIs; `/_control/faults` disturbs them. */
export function createSourcesServer(
  standIns: readonly StandIn[],
  now: () => number = Date.now,
): SourcesServer {
  const faults = new Faults();
  const calls: string[] = [];
  const byName = new Map(standIns.map((it) => [it.name, it]));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    const [, name = '', path = '/'] = /^\/([^/]+)(\/.*)?$/.exec(url.pathname) ?? [];
    const body = await readBody(request);
    if (name === '_control') return send(response, control(request.method, path, body));
    const standIn = byName.get(name);
    if (!standIn) return send(response, { status: 404, body: `no source ${name}` });
    if (calls.length < KEPT_CALLS) calls.push(`${name} ${path}${url.search}`);
    const fault = faults.take(name, path);
    if (fault && (await meet(fault, response))) return;
    const { method = 'GET', headers } = request;
    const call: Call = { method, path, query: url.searchParams, headers, body, now: now() };
    const reply = await standIn.answer(call);
    if (fault?.kind === 'late-cut') return void response.destroy();
    send(response, reply);
  }

  function control(method = 'GET', path: string, body: string): Reply {
    if (path === '/calls') return { status: 200, body: calls };
    if (path !== '/faults') return { status: 404, body: 'there are /_control/faults and /calls' };
    if (method === 'DELETE') faults.clear();
    try {
      if (method === 'POST') faults.add(JSON.parse(body) as Fault);
    } catch (error) {
      return { status: 400, body: String(error) };
    }
    return { status: 204 };
  }

  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    answer(request, response).catch((error: Error) => {
      send(response, { status: 500, body: error.stack ?? error.message });
    });
  });
  return {
    faults,
    calls,
    async listen(port = 0, address = '127.0.0.1') {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, address, resolve);
      });
      return `http://${address}:${(server.address() as AddressInfo).port}`;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > LARGEST_BODY) throw new RangeError('the body is too large');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, { status, headers = {}, body }: Reply): void {
  if (response.headersSent) return void response.destroy();
  const isText = typeof body === 'string' || body === undefined;
  response.writeHead(status, {
    'content-type': isText ? 'text/plain' : 'application/json;charset=utf-8',
    ...headers,
  });
  response.end(isText ? body : JSON.stringify(body));
}

/** Does what the fault says; `false` lets the call go on. */
async function meet(fault: Fault, response: ServerResponse): Promise<boolean> {
  const { kind, status = 500, retryAfter, body = { message: 'a fault of the stand-in' } } = fault;
  if (kind === 'late-cut') return false;
  if (kind === 'slow') {
    await sleep(fault.ms ?? 1_000);
    return false;
  }
  if (kind === 'status') {
    const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
    send(response, { status, headers, body });
  }
  if (kind === 'garbage') send(response, { status: 200, body: '<html>Service is at lunch</html>' });
  if (kind === 'cut') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
    response.write('{"page":', () => response.destroy());
  }
  if (kind === 'huge') {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(Buffer.alloc(32 * 1024 * 1024, 0x20));
  }
  return true;
}
