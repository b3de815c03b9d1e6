import { setTimeout as sleepFor } from 'node:timers/promises';
import { retryAfterMs } from '@whatsthecraic/platform/retry-after';
import { SourceError } from './errors.ts';
import type { Limits } from './limits.ts';

export interface Request {
  readonly url: URL;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Asks a source for JSON, within its limits; `undefined` is a 404. */
export type Ask = (request: Request) => Promise<unknown>;

export interface HttpOptions {
  readonly limits: Limits;
  /** Counts a call of today before it is made, and says how many there are with it. */
  readonly countCall: () => Promise<number>;
  readonly signal?: AbortSignal;
  readonly now?: () => number;
  readonly sleep?: (ms: number) => Promise<unknown>;
}

const LARGEST_BYTES = 16 * 1024 * 1024;
const PAUSES_MS = [1_000, 4_000];
const DAY_MS = 86_400_000;
/** A source that says longer than this has made a mistake, and is asked again. */
const LONGEST_ABSENCE_MS = 7 * DAY_MS;

/** One call at a time, no faster than the source allows, patient with what passes. */
export function createAsk(options: HttpOptions): Ask {
  const { limits, countCall, signal, now = Date.now } = options;
  const sleep = options.sleep ?? ((ms: number) => sleepFor(ms, undefined, { signal }));
  const gap = 1_000 / limits.perSecond;
  let nextStartAt = 0;

  async function once({ url, method = 'GET', headers = {}, body }: Request): Promise<Response> {
    if ((await countCall()) > limits.perDay) {
      const retryAt = new Date((Math.floor(now() / DAY_MS) + 1) * DAY_MS);
      throw new SourceError('SOURCE_BUSY', `its ${limits.perDay} calls of today are used`, {
        retryAt,
      });
    }
    // Nothing is waited for between this and the call, so that starts keep their distance whatever counting takes.
    while (now() < nextStartAt) await sleep(nextStartAt - now());
    nextStartAt = now() + gap;
    const timeout = AbortSignal.timeout(limits.timeoutMs);
    return fetch(url, {
      method,
      redirect: 'error',
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
  }

  return async function ask(request) {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const answer = await once(request);
        if (answer.status === 404) return void (await answer.body?.cancel());
        if (answer.ok) return await readJson(answer);
        await answer.body?.cancel();
        throw refusalOf(answer, now());
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        const failure = error instanceof SourceError ? error : away(error);
        const pause = pauseOf(failure, attempt, now());
        if (pause === undefined || pause > limits.longestWaitMs) throw failure;
        // What may have been done is not done again: it may have cost money.
        if (request.method === 'POST' && failure.code !== 'SOURCE_BUSY') throw failure;
        nextStartAt = Math.max(nextStartAt, now() + pause);
      }
    }
  };
}

/** How long to wait before the next attempt; undefined: there is none. */
function pauseOf({ code, retryAt }: SourceError, attempt: number, now: number): number | undefined {
  const pause = PAUSES_MS[attempt];
  if (pause === undefined || code === 'SOURCE_REFUSES' || code === 'SOURCE_UNREADABLE') {
    return undefined;
  }
  return Math.max(pause, (retryAt?.getTime() ?? 0) - now);
}

function refusalOf({ status, headers }: Response, now: number): SourceError {
  const wait = retryAfterMs(headers.get('retry-after'), now);
  const retryAt =
    wait === undefined ? {} : { retryAt: new Date(now + Math.min(wait, LONGEST_ABSENCE_MS)) };
  const message = `it answers ${status}`;
  if (status === 429 || status === 503) {
    return new SourceError('SOURCE_BUSY', message, { status, ...retryAt });
  }
  const code = status >= 500 ? 'SOURCE_AWAY' : 'SOURCE_REFUSES';
  return new SourceError(code, message, { status, ...retryAt });
}

/** The message names no URL, which may hold a key. */
const away = (cause: unknown) =>
  new SourceError('SOURCE_AWAY', 'it cannot be reached, or broke off', { cause });

async function readJson(answer: Response): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.byteLength;
    if (size > LARGEST_BYTES) {
      throw new SourceError('SOURCE_UNREADABLE', `it sends more than ${LARGEST_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  try {
    // Unlike a Buffer it leaves out the mark that some put before UTF-8.
    return JSON.parse(new TextDecoder().decode(Buffer.concat(chunks)));
  } catch (cause) {
    throw new SourceError('SOURCE_UNREADABLE', 'it sends no JSON', { cause });
  }
}
