import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { parseAuthorization, signatureAlgorithm } from './authorization.ts';
import { canonicalRequest, headerText, type SignedRequest } from './canonical-request.ts';
import type { Credentials } from './credentials.ts';
import { AwsError } from './errors.ts';

export interface Caller {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

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
  const { accessKeyId, date, region, service, signedHeaders, signature } = parseAuthorization(
    request.headers.authorization,
  );

  const credentials = known.find((one) => one.accessKeyId === accessKeyId);
  if (!credentials) throw invalidToken();

  const amzDate = headerText(request.headers, 'x-amz-date') ?? '';
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
  const declared = headerText(request.headers, 'x-amz-content-sha256');
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
  const toSign = [signatureAlgorithm, amzDate, scope, sha256(canonical)].join('\n');
  let key: Buffer = Buffer.from(`AWS4${credentials.secretAccessKey}`);
  for (const part of [date, region, service, 'aws4_request', toSign]) key = hmac(key, part);
  if (!sameText(signature, key.toString('hex'))) {
    throw mismatch(
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    );
  }
  checkToken(headerText(request.headers, 'x-amz-security-token'), credentials, now);
  return { accessKeyId, region, service };
}

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
