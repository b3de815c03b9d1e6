import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Credentials } from './credentials.ts';
import { AwsError } from './errors.ts';

export interface SignedRequest {
  readonly method: string;
  /** Path and query as they stood in the request line. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Caller {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

const algorithm = 'AWS4-HMAC-SHA256';
const toleranceMs = 5 * 60_000;

/**
 * Who signed the request, or the error that AWS gives in its JSON protocols, where a wrong and a
 * stale signature are both `InvalidSignatureException`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function verifySignature(
  request: SignedRequest,
  known: readonly Credentials[],
  now: number,
): Caller {
  const { accessKeyId, date, region, service, signedHeaders, signature } = parse(request.headers);

  const credentials = known.find((one) => one.accessKeyId === accessKeyId);
  if (!credentials) throw invalidToken();

  const amzDate = header(request.headers, 'x-amz-date') ?? '';
  const time = parseDate(amzDate);
  if (time === undefined)
    throw incomplete("Authorization header requires existence of a 'X-Amz-Date' header.");
  if (!amzDate.startsWith(date)) {
    throw mismatch(
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP',
    );
  }
  checkDate(amzDate, time, now);

  const bodyHash = sha256(request.body);
  const declared = header(request.headers, 'x-amz-content-sha256');
  if (declared !== undefined && declared !== bodyHash) {
    throw mismatch('The provided x-amz-content-sha256 header does not match what was computed.');
  }
  for (const name of ['host', 'x-amz-date', 'x-amz-target', 'x-amz-security-token']) {
    if (request.headers[name] !== undefined && !signedHeaders.includes(name)) {
      throw mismatch(`'${name}' must be a 'SignedHeader' in the AWS Authorization.`);
    }
  }

  const scope = `${date}/${region}/${service}/aws4_request`;
  const canonical = canonicalRequest(request, signedHeaders, bodyHash);
  const toSign = [algorithm, amzDate, scope, sha256(canonical)].join('\n');
  let key: Buffer = Buffer.from(`AWS4${credentials.secretAccessKey}`);
  for (const part of [date, region, service, 'aws4_request', toSign]) key = hmac(key, part);
  if (!sameText(signature, key.toString('hex'))) {
    throw mismatch(
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    );
  }
  checkToken(header(request.headers, 'x-amz-security-token'), credentials, now);
  return { accessKeyId, region, service };
}

function parse(headers: IncomingHttpHeaders) {
  const authorization = headers.authorization;
  if (!authorization) {
    throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  if (!authorization.startsWith(`${algorithm} `)) {
    throw incomplete(`Authorization header requires the algorithm ${algorithm}.`);
  }
  const parts = new Map<string, string>();
  for (const part of authorization.slice(algorithm.length).split(',')) {
    const at = part.indexOf('=');
    parts.set(part.slice(0, at).trim(), part.slice(at + 1).trim());
  }
  for (const name of ['Credential', 'SignedHeaders', 'Signature']) {
    if (!parts.get(name)) throw incomplete(`Authorization header requires '${name}' parameter.`);
  }
  const scope = (parts.get('Credential') ?? '').split('/');
  const [accessKeyId, date, region, service, end] = scope;
  if (
    scope.length !== 5 ||
    !accessKeyId ||
    !date ||
    !region ||
    !service ||
    end !== 'aws4_request'
  ) {
    throw incomplete(
      'Credential must have 5 slash-delimited elements, the last of them aws4_request.',
    );
  }
  const signedHeaders = (parts.get('SignedHeaders') ?? '').split(';');
  return {
    accessKeyId,
    date,
    region,
    service,
    signedHeaders,
    signature: parts.get('Signature') ?? '',
  };
}

/** Canonical form; the path is encoded twice, as for every service but S3. */
function canonicalRequest(
  request: SignedRequest,
  signedHeaders: string[],
  bodyHash: string,
): string {
  const [path = '/', query = ''] = request.url.split('?', 2);
  const lines: string[] = [];
  for (const name of signedHeaders) {
    const value = header(request.headers, name);
    if (value === undefined)
      throw mismatch(`The signed header '${name}' is missing from the request.`);
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

function checkDate(amzDate: string, time: number, now: number): void {
  const [earliest, latest] = [now - toleranceMs, now + toleranceMs];
  if (time < earliest) {
    throw mismatch(
      `Signature expired: ${amzDate} is now earlier than ${basicDate(earliest)} (${basicDate(now)} - 5 min.)`,
    );
  }
  if (time > latest) {
    throw mismatch(
      `Signature not yet current: ${amzDate} is still later than ${basicDate(latest)} (${basicDate(now)} + 5 min.)`,
    );
  }
}

function checkToken(token: string | undefined, credentials: Credentials, now: number): void {
  if (!sameText(token ?? '', credentials.sessionToken ?? '')) throw invalidToken();
  if (credentials.expiresAt !== undefined && credentials.expiresAt <= now) {
    throw new AwsError(
      'ExpiredTokenException',
      'The security token included in the request is expired',
    );
  }
}

function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

const dateForm = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

function parseDate(text: string): number | undefined {
  const time = Date.parse(text.replace(dateForm, '$1-$2-$3T$4:$5:$6Z'));
  return dateForm.test(text) && !Number.isNaN(time) ? time : undefined;
}

const basicDate = (time: number) =>
  new Date(time).toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const hmac = (key: Buffer, data: string) => createHmac('sha256', key).update(data).digest();

/** Compares digests, so that neither time nor length tells anything about the secret. */
const sameText = (a: string, b: string) =>
  timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());

const mismatch = (message: string) => new AwsError('InvalidSignatureException', message);
const incomplete = (message: string) => new AwsError('IncompleteSignatureException', message);
const invalidToken = () =>
  new AwsError(
    'UnrecognizedClientException',
    'The security token included in the request is invalid.',
  );
