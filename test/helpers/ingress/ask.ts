import { type IncomingMessage, request as overHttp } from 'node:http';
import { Agent, request as overHttps } from 'node:https';
import type { TLSSocket } from 'node:tls';

export interface Asked {
  readonly status: number;
  readonly location: string;
  readonly body: string;
  /** The local port, by which a connection is known. */
  readonly connection: number;
  /** The names of the certificate, over TLS. */
  readonly names: string;
}

export interface Question {
  readonly address: string;
  readonly host: string;
  readonly path?: string;
  readonly tls?: boolean;
  /** Keeps its connection; a new one each time without it. */
  readonly agent?: Agent;
}

export const keptConnection = (): Agent => new Agent({ keepAlive: true, maxSockets: 1 });

/** Asks a host at an address, as a browser that has looked it up: by SNI and by Host. */
export async function askHost({ address, host, path = '/health', tls = true, agent }: Question) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const common = { host: address, path, headers: { host }, timeout: 5_000 };
    const request = tls
      ? overHttps({
          ...common,
          port: 443,
          servername: host,
          rejectUnauthorized: false,
          agent: agent ?? false,
        })
      : overHttp({ ...common, port: 80, agent: false });
    request.once('timeout', () => request.destroy(new Error(`${host}: no answer within 5 s`)));
    request.once('error', reject);
    request.once('response', resolve);
    request.end();
  });
  const socket = response.socket as TLSSocket;
  const connection = socket.localPort ?? 0;
  const names = tls ? (socket.getPeerCertificate().subjectaltname ?? '') : '';
  let body = '';
  for await (const chunk of response.setEncoding('utf8')) body += chunk;
  const { statusCode: status = 0, headers } = response;
  return { status, location: headers.location ?? '', body, connection, names } satisfies Asked;
}
