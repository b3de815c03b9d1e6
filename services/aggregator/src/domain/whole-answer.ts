import type { IncomingHttpHeaders } from 'node:http';
import { HttpError } from '@whatsthecraic/platform/errors';
import { UpstreamGarbage, UpstreamUnavailable } from '@whatsthecraic/platform/upstream/errors';
import type { Upstream } from '@whatsthecraic/platform/upstream/upstream';
import { responseHeaders } from './headers.ts';

/** An answer read to its end, so that many callers can have it. */
export interface WholeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A page of a list is a tenth of this; what is larger is no answer of ours. */
const LARGEST_BYTES = 2 * 1024 * 1024;

export interface ReadRequest {
  readonly upstream: Upstream;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export async function readWhole(
  { upstream, path, headers }: ReadRequest,
  signal: AbortSignal,
): Promise<WholeAnswer> {
  const answer = await upstream.send({ method: 'GET', path, headers, signal });
  const body = await readBody(upstream.name, answer.body);
  const { 'content-length': _, ...kept } = responseHeaders(answer.headers);
  return { status: answer.status, headers: withVary(kept, answer.headers), body };
}

const withVary = (kept: Record<string, string>, { vary }: IncomingHttpHeaders) =>
  vary === undefined ? kept : { ...kept, vary };

async function readBody(name: string, body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.length;
      if (size > LARGEST_BYTES) throw new UpstreamGarbage(name, new Error('far too long'));
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof HttpError ? error : new UpstreamUnavailable(name, error);
  }
  return Buffer.concat(chunks);
}
