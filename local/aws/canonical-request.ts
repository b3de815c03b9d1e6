import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from './errors.ts';

export interface SignedRequest {
  readonly method: string;
  /** Path and query as they stood in the request line. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Canonical form; the path is encoded twice, as for every service but S3. */
export function canonicalRequest(
  request: SignedRequest,
  signedHeaders: readonly string[],
  bodyHash: string,
): string {
  const [path = '/', query = ''] = request.url.split('?', 2);
  const lines: string[] = [];
  for (const name of signedHeaders) {
    const value = headerText(request.headers, name);
    if (value === undefined)
      throw new AwsError(
        'InvalidSignatureException',
        `The signed header '${name}' is missing from the request.`,
      );
    lines.push(`${name}:${value.trim().replace(/ +/g, ' ')}`);
  }
  return [
    request.method,
    path.split('/').map(encode).join('/'),
    canonicalQuery(query),
    ...lines,
    '',
    signedHeaders.join(';'),
    bodyHash,
  ].join('\n');
}

function canonicalQuery(query: string): string {
  const pairs: string[] = [];
  for (const [name, value] of new URLSearchParams(query))
    pairs.push(`${encode(name)}=${encode(value)}`);
  return pairs.sort().join('&');
}

const encode = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );

export function headerText(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}
