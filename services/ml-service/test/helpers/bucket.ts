import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Secret } from '@whatsthecraic/platform/secret';
import type { ExecutionContext } from 'ava';
import { makeCredentials } from '../../../../local/aws/credentials.ts';
import type { AwsError } from '../../../../local/aws/errors.ts';
import { verifySignature } from '../../../../local/aws/signature.ts';
import type { BucketSettings } from '../../src/config.ts';

/** What a store can be told to do wrong. */
export type Fault =
  | 'busy'
  | 'failing'
  | 'full'
  | 'silent'
  | 'resets'
  | 'breaks off'
  | 'drips'
  | 'forbids';

export interface TestBucket {
  readonly settings: BucketSettings;
  readonly objects: Map<string, Buffer>;
  /** Requests so far, the refused ones too. */
  readonly asked: string[];
  fault: Fault | undefined;
  /** How many more requests the fault is for. */
  times: number;
}

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
const REFUSALS: Partial<Record<Fault, Refusal>> = {
  busy: { status: 503, code: 'SlowDown', message: 'Please reduce your request rate.' },
  failing: {
    ...{ status: 500, code: 'InternalError' },
    message: 'We encountered an internal error. Please try again.',
  },
  // MinIO's, whose disks are the operator's own.
  full: {
    ...{ status: 507, code: 'XMinioStorageFull' },
    message: 'Storage backend has reached its minimum free drive threshold.',
  },
  forbids: { status: 403, code: 'AccessDenied', message: 'Access Denied' },
};

/** A server on loopback that speaks as much of S3 as a store of models needs, with its errors. */
export async function startBucket(t: Pick<ExecutionContext, 'teardown'>): Promise<TestBucket> {
  const credentials = makeCredentials();
  const objects = new Map<string, Buffer>();
  const asked: string[] = [];

  function refusalOf(req: IncomingMessage, body: Buffer): Refusal | undefined {
    const { method = '', url = '', headers } = req;
    try {
      verifySignature({ method, url, headers, body }, [credentials], Date.now());
    } catch (error) {
      return signatureRefusal(error as AwsError);
    }
    const sum = headers['x-amz-checksum-sha256'];
    if (sum !== undefined && sum !== createHash('sha256').update(body).digest('base64')) {
      const message = 'The SHA256 you specified did not match what we received.';
      return { status: 400, code: 'BadDigest', message };
    }
    if (!url.startsWith('/models/')) {
      return {
        ...{ status: 404, code: 'NoSuchBucket' },
        message: 'The specified bucket does not exist',
      };
    }
    return undefined;
  }

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await buffer(req);
    const [key = ''] = (req.url ?? '').split('?');
    asked.push(`${req.method} ${key}`);
    const fault = bucket.times > 0 ? bucket.fault : undefined;
    bucket.times -= 1;
    if (fault === 'silent') return;
    if (fault === 'resets') return void req.socket.resetAndDestroy();
    const refusal = (fault && REFUSALS[fault]) ?? refusalOf(req, body);
    if (refusal) return refuse(res, refusal, key);
    if (req.method === 'PUT') {
      objects.set(key, body);
      res.writeHead(200, { etag: `"${createHash('md5').update(body).digest('hex')}"` }).end();
    } else if (req.method === 'DELETE') {
      objects.delete(key);
      res.writeHead(204).end();
    } else {
      const found = objects.get(key);
      if (!found) {
        const message = 'The specified key does not exist.';
        return refuse(res, { status: 404, code: 'NoSuchKey', message }, key);
      }
      res.writeHead(200, { 'content-length': found.length });
      if (fault === 'breaks off') res.write(found.subarray(0, 100), () => res.destroy());
      else if (fault === 'drips') res.write(found.subarray(0, 100));
      else res.end(found);
    }
  }

  const server = createServer((req, res) => void answer(req, res).catch(() => res.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { accessKeyId, secretAccessKey } = credentials;
  const bucket: TestBucket = {
    settings: {
      name: 'models/site',
      region: 'eu-west-1',
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      accessKeyId,
      secretAccessKey: new Secret(secretAccessKey),
    },
    objects,
    asked,
    fault: undefined,
    times: Number.POSITIVE_INFINITY,
  };
  return bucket;
}

/** S3 has codes of its own for what AWS's other protocols call one thing. */
function signatureRefusal({ code, message }: AwsError): Refusal {
  if (code === 'UnrecognizedClientException') {
    return {
      ...{ status: 403, code: 'InvalidAccessKeyId' },
      message: 'The AWS Access Key Id you provided does not exist in our records.',
    };
  }
  if (/^Signature (expired|not yet current)/.test(message)) {
    return {
      ...{ status: 403, code: 'RequestTimeTooSkewed' },
      message: 'The difference between the request time and the current time is too large.',
    };
  }
  if (code === 'MissingAuthenticationTokenException') {
    return { status: 403, code: 'AccessDenied', message: 'Access Denied' };
  }
  return { status: 403, code: 'SignatureDoesNotMatch', message };
}

function refuse(res: ServerResponse, { status, code, message }: Refusal, key: string): void {
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>${code}</Code><Message>${message}</Message><Key>${key}</Key><RequestId>${randomUUID()}</RequestId></Error>`;
  res.writeHead(status, { 'content-type': 'application/xml' }).end(text);
}
