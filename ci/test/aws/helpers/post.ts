import { request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly errorType: string | undefined;
  readonly body: { readonly __type: string };
}

/** Sends a request with exactly these headers. */
export function post(url: string, headers: Record<string, string>, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', headers }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString('utf8');
      const errorType = response.headers['x-amzn-errortype'] as string | undefined;
      resolve({ status: response.statusCode ?? 0, errorType, body: JSON.parse(text) });
    });
    call.once('error', reject);
    call.end(body);
  });
}
