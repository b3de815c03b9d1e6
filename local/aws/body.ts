import type { IncomingMessage } from 'node:http';
import { AwsError } from './errors.ts';

const mostBytes = 1024 * 1024;

/** The whole body of a request, up to a mebibyte. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    // Read on to the end: a caller that is still sending would see a cut connection, not the answer.
    if (length <= mostBytes) chunks.push(chunk);
  }
  if (length > mostBytes) {
    throw new AwsError(
      'RequestEntityTooLargeException',
      `The request is larger than ${mostBytes} bytes.`,
      413,
    );
  }
  return Buffer.concat(chunks);
}
