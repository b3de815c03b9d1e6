import { AwsError } from './errors.ts';

export interface Authorization {
  readonly accessKeyId: string;
  /** Of the credential scope, `YYYYMMDD`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

export const signatureAlgorithm = 'AWS4-HMAC-SHA256';

/** What the Authorization header of SigV4 says, or what is missing from it. */
export function parseAuthorization(authorization: string | undefined): Authorization {
  if (!authorization) {
    throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  if (!authorization.startsWith(`${signatureAlgorithm} `)) {
    throw incomplete(`Authorization header requires the algorithm ${signatureAlgorithm}.`);
  }
  const parts = new Map<string, string>();
  for (const part of authorization.slice(signatureAlgorithm.length).split(',')) {
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

const incomplete = (message: string) => new AwsError('IncompleteSignatureException', message);
