import { setTimeout as sleep } from 'node:timers/promises';
import { errorOfAnswer, errorOfFailure, type RegistryError } from './registry-error.ts';

export interface Bounds {
  /** Milliseconds for all attempts together. */
  readonly totalMs: number;
  /** Milliseconds for one attempt. */
  readonly attemptMs: number;
  readonly attempts: number;
}

export const defaultBounds: Bounds = { totalMs: 30_000, attemptMs: 10_000, attempts: 5 };

export interface Effects {
  readonly fetch: typeof fetch;
  /** In [0, 1), for the jitter. */
  readonly random: () => number;
  readonly bounds: Bounds;
}

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

const largestBody = 4 * 1024 * 1024;

/** One request, repeated on 429, 5xx and cut connections for as long as the bounds allow. */
export async function boundedFetch(
  what: string,
  url: string,
  init: RequestInit,
  effects: Effects,
  signal?: AbortSignal,
): Promise<Answer> {
  const { bounds, random } = effects;
  const deadline = Date.now() + bounds.totalMs;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await once(what, url, init, effects, deadline, signal);
    if ('answer' in outcome) return outcome.answer;
    signal?.throwIfAborted();
    const pause =
      outcome.retryAfterMs ?? Math.round(random() * Math.min(5_000, 200 * 2 ** attempt));
    const mayRepeat = outcome.error.code !== 'REGISTRY_TLS' && attempt < bounds.attempts;
    if (!mayRepeat || Date.now() + pause >= deadline) throw outcome.error;
    await sleep(pause, undefined, { ...(signal ? { signal } : {}) });
  }
}

type Outcome = { answer: Answer } | { error: RegistryError; retryAfterMs?: number | undefined };

async function once(
  what: string,
  url: string,
  init: RequestInit,
  { fetch, bounds }: Effects,
  deadline: number,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  const limit = AbortSignal.timeout(Math.max(1, Math.min(bounds.attemptMs, deadline - Date.now())));
  try {
    const response = await fetch(url, {
      ...init,
      signal: signal ? AbortSignal.any([limit, signal]) : limit,
    });
    const body = await readBody(response);
    if (response.status !== 429 && response.status < 500) {
      return { answer: { status: response.status, headers: response.headers, body } };
    }
    return {
      error: errorOfAnswer(what, response.status, Buffer.from(body).toString('utf8')),
      retryAfterMs: parseRetryAfter(response.headers.get('retry-after'), Date.now()),
    };
  } catch (failure) {
    return { error: errorOfFailure(what, failure) };
  }
}

async function readBody(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    // A manifest is at most 4 MiB: https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md
    if (size > largestBody) throw new RangeError('answer larger than 4 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Milliseconds that a `Retry-After` header asks for: seconds or an HTTP date (RFC 9110 §10.2.3). */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
