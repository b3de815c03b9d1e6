import { createServer, type IncomingMessage } from 'node:http';
import type { ExecutionContext } from 'ava';

/** What happens to a request instead of being forwarded. */
export type Fault =
  | 'cut'
  | 'hang'
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    };

export interface Proxy {
  readonly host: string;
  /** Method and path of each request, in order. */
  readonly seen: readonly string[];
}

/** Stands before a registry and lets one request after another fail as told. */
export async function startProxy(
  t: ExecutionContext,
  target: string,
  faultFor: (request: IncomingMessage, count: number) => Fault | undefined,
): Promise<Proxy> {
  const seen: string[] = [];
  const server = createServer(async (request, response) => {
    seen.push(`${request.method} ${request.url}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const fault = faultFor(request, seen.length);
    if (fault === 'hang') return;
    if (fault === 'cut') {
      request.socket.destroy();
      return;
    }
    if (fault) {
      response.writeHead(fault.status, fault.headers).end(fault.body);
      return;
    }
    const headers: Record<string, string> = {};
    for (const name of ['accept', 'content-type', 'authorization']) {
      const value = request.headers[name];
      // The token that a test's proxy asks for is no business of the registry behind it.
      if (typeof value === 'string' && !value.startsWith('Bearer ')) headers[name] = value;
    }
    const method = request.method ?? 'GET';
    const body = method === 'PUT' ? Buffer.concat(chunks) : null;
    const answer = await fetch(`${target}${request.url}`, { method, headers, body });
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { host: `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`, seen };
}
