import type { IncomingHttpHeaders } from 'node:http';

/** What an upstream may need to know of a request; all else stays here. */
const REQUEST_HEADERS = [
  'accept',
  'accept-language',
  'content-type',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'user-agent',
] as const;

/** What a client may need to know of an answer. Hop-by-hop headers and the upstream's own stay here. */
const RESPONSE_HEADERS = [
  'allow',
  'cache-control',
  'content-disposition',
  'content-language',
  'content-length',
  'content-type',
  'etag',
  'idempotent-replayed',
  'last-modified',
  'location',
  'retry-after',
  'www-authenticate',
] as const;

/** The one place where a browser is known by a cookie: while it is away at Spotify. */
const WITH_COOKIES = /^\/v1\/auth\/spotify\//;

export const passesCookies = (path: string) => WITH_COOKIES.test(path);

export interface Hop {
  readonly requestId: string;
  readonly traceparent?: string | undefined;
  /** The client's own address, as far as our own proxies tell it. */
  readonly address: string | undefined;
  readonly withAuthorization: boolean;
  readonly withCookies?: boolean;
}

export function requestHeaders(incoming: IncomingHttpHeaders, hop: Hop): Record<string, string> {
  const headers: Record<string, string> = { 'x-request-id': hop.requestId };
  for (const name of REQUEST_HEADERS) {
    const value = incoming[name];
    if (typeof value === 'string') headers[name] = value;
  }
  if (hop.traceparent) headers.traceparent = hop.traceparent;
  if (hop.address) headers['x-forwarded-for'] = hop.address;
  if (hop.withAuthorization && incoming.authorization) {
    headers.authorization = incoming.authorization;
  }
  if (hop.withCookies && incoming.cookie) headers.cookie = incoming.cookie;
  return headers;
}

export function responseHeaders(incoming: IncomingHttpHeaders): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of RESPONSE_HEADERS) {
    const value = incoming[name];
    if (typeof value === 'string') headers[name] = value;
  }
  return headers;
}
