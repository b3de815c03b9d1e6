import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { Tokens } from './tokens.ts';

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/**
 * The side of ECR that Docker speaks to, before a registry that asks for nothing: it lets in who brings
 * a token that it handed out and that has not expired, and says otherwise what ECR says.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/common-errors-docker.html
 */
export function createRegistryGate(tokens: Tokens, registry: string): Server {
  return createServer((incoming, response) => {
    const refusal = judge(incoming.headers.authorization, tokens);
    if (refusal) {
      const { status, code, message } = refusal;
      const headers: Record<string, string> = { 'content-type': 'application/json' };
      if (status === 401) {
        headers['www-authenticate'] = 'Basic realm="ECR",service="ecr.amazonaws.com"';
      }
      response.writeHead(status, headers).end(JSON.stringify({ errors: [{ code, message }] }));
      return;
    }
    const { method, url, headers } = incoming;
    const passed = request(`${registry}${url}`, { method, headers: withoutToken(headers) });
    passed.once('error', () => response.destroy());
    passed.once('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(passed);
  });
}

function judge(authorization: string | undefined, tokens: Tokens): Refusal | undefined {
  const encoded = /^Basic (.+)$/.exec(authorization ?? '')?.[1];
  if (encoded === undefined) {
    return { status: 401, code: 'UNAUTHORIZED', message: 'no basic auth credentials' };
  }
  const [user, password = ''] = Buffer.from(encoded, 'base64').toString().split(/:(.*)/s);
  const worth = user === 'AWS' ? tokens.check(password) : 'unknown';
  if (worth === 'good') return undefined;
  const message =
    worth === 'expired'
      ? 'Your authorization token has expired. Reauthenticate and try again.'
      : 'Not Authorized';
  return { status: worth === 'expired' ? 403 : 401, code: 'DENIED', message };
}

function withoutToken({
  authorization: _token,
  host: _host,
  ...headers
}: IncomingMessage['headers']) {
  return headers;
}
