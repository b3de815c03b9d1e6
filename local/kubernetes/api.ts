import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClusterNotStarted, certificateFile, type Node, serverUrl } from './cluster.ts';
import { tokenOf } from './credentials.ts';

const REQUEST_LIMIT_MS = 5_000;

/** One call to the API server as its administrator; gives back the status and the body. */
export async function callApi(
  node: Node,
  path: string,
  object?: object,
): Promise<{ status: number; body: string }> {
  const ca = await readFile(certificateFile(node.folder));
  const token = await tokenOf(node.folder, 'admin');
  return new Promise((resolve, reject) => {
    const call = request(`${serverUrl(node.network)}${path}`, {
      ca,
      agent: false,
      method: object ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
    });
    call.once('error', reject);
    call.once('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    call.end(object ? JSON.stringify(object) : undefined);
  });
}

/** Asks until the answer is yes; an error counts as no, and the last one is the reason given. */
export async function waitFor(
  what: string,
  limitMs: number,
  isSo: () => Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  let cause: unknown;
  while (Date.now() < deadline) {
    try {
      if (await isSo()) return;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await sleep(50);
  }
  const reason = cause instanceof Error ? `: ${cause.message}` : '';
  throw new ClusterNotStarted(`${what} not within ${limitMs / 1_000} s${reason}`, { cause });
}
