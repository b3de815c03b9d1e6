import { createHash } from 'node:crypto';
import { addAbortSignal, type Readable } from 'node:stream';
import { rootCause } from '@whatsthecraic/platform/errors';
import type { BucketSettings } from '../config.ts';
import { fileName, type ModelStore, StoreUnavailable } from './model-store.ts';

/** A model of some megabytes comes in far less; a fresh pod must not hang on a bucket that is away. */
const LIMITS = { readMs: 8_000, writeMs: 60_000 };
const ATTEMPTS = 3;

/** Models as objects of a bucket, S3's or of anything compatible. */
export function createBucketStore(settings: BucketSettings, limits = LIMITS): ModelStore {
  const [bucket = '', ...folders] = settings.name.split('/');
  const keyOf = (name: string) => [...folders, fileName(name)].join('/');
  const place = `the bucket ${settings.name}`;
  let opened: ReturnType<typeof open> | undefined;

  async function ask<T>(
    name: string,
    limitMs: number,
    question: (
      s3: Awaited<ReturnType<typeof open>>,
      at: At,
      abortSignal: AbortSignal,
    ) => Promise<T>,
  ): Promise<T> {
    const at = { Bucket: bucket, Key: keyOf(name) };
    try {
      opened ??= open(settings);
      const s3 = await opened;
      return await question(s3, at, AbortSignal.timeout(limitMs));
    } catch (error) {
      throw new StoreUnavailable(`${place} does not answer as it should: ${said(error)}`, {
        cause: error,
      });
    }
  }

  return {
    place,
    // An object appears with its last byte; a put that breaks off leaves nothing.
    put: (name, file) =>
      ask(name, limits.writeMs, async ({ sdk, client }, at, abortSignal) => {
        const ChecksumSHA256 = createHash('sha256').update(file).digest('base64');
        const put = new sdk.PutObjectCommand({ ...at, Body: file, ChecksumSHA256 });
        await client.send(put, { abortSignal });
      }),
    get: (name) =>
      ask(name, limits.readMs, async ({ sdk, client }, at, abortSignal) => {
        try {
          const { Body } = await client.send(new sdk.GetObjectCommand(at), { abortSignal });
          // The limit is on the last byte, not on the first.
          if (Body) addAbortSignal(abortSignal, Body as Readable);
          return await Body?.transformToByteArray();
        } catch (error) {
          if (error instanceof sdk.NoSuchKey) return undefined;
          throw error;
        }
      }),
    remove: (name) =>
      ask(name, limits.readMs, async ({ sdk, client }, at, abortSignal) => {
        await client.send(new sdk.DeleteObjectCommand(at), { abortSignal });
      }),
  };
}

interface At {
  readonly Bucket: string;
  readonly Key: string;
}

/** Amazon's client costs 37 MiB, so that only who has a bucket loads it. */
async function open({ region, endpoint, accessKeyId, secretAccessKey }: BucketSettings) {
  const sdk = await import('@aws-sdk/client-s3');
  const client = new sdk.S3Client({
    region,
    maxAttempts: ATTEMPTS,
    credentials: { accessKeyId, secretAccessKey: secretAccessKey.reveal() },
    ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
    requestHandler: { connectionTimeout: 2_000 },
    // What is compatible is not always so with Amazon's newer checksums; ours are in the files.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return { sdk, client };
}

/** S3's own code says most: NoSuchBucket, AccessDenied, SignatureDoesNotMatch, … */
function said(error: unknown): string {
  const { name, message } = error as Error;
  const reason = rootCause(error) || message;
  return name === 'Error' || reason.includes(name) ? reason : `${name}: ${reason}`;
}
