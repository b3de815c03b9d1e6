import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { Pool } from 'undici';
import { Histogram, type Metrics, SECONDS } from '../metrics.ts';
import { createBreaker, type Passage } from './breaker.ts';
import { UpstreamBusy, UpstreamTimeout, UpstreamUnavailable } from './errors.ts';

interface UpstreamRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Ends the request when its own caller has gone. */
  readonly signal?: AbortSignal;
  /** Asks whether it is well: passes a breaker that is open, and says nothing to it. */
  readonly isProbe?: boolean;
}

interface UpstreamAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable & { text(): Promise<string>; dump(): Promise<void> };
}

/** Another service that is asked: its kept connections and its bounds. */
export interface Upstream {
  readonly name: string;
  send(request: UpstreamRequest): Promise<UpstreamAnswer>;
  close(): Promise<void>;
}

export interface UpstreamOptions {
  readonly name: string;
  readonly url: string;
  readonly duration: UpstreamDuration;
  readonly connectMs?: number;
  /** From the request to the last byte of the answer: below what a browser waits for. */
  readonly deadlineMs?: number;
  /** How long nobody is sent to an upstream that has failed several times in a row. */
  readonly restMs?: number;
}

/** More under way than this is a queue that nobody in it sees the end of. */
const MOST_UNDER_WAY = 512;

export function createUpstream(options: UpstreamOptions): Upstream {
  const { name, url, duration, connectMs = 1_000, deadlineMs = 8_000, restMs = 3_000 } = options;
  const breaker = createBreaker({ restMs });
  let underWay = 0;
  const pool = new Pool(new URL(url).origin, {
    connections: 16,
    pipelining: 1,
    connect: { timeout: connectMs },
    headersTimeout: deadlineMs,
    bodyTimeout: deadlineMs,
    // Shorter than the 95 s after which a service closes a kept connection.
    keepAliveTimeout: 30_000,
    keepAliveMaxTimeout: 60_000,
  });

  async function attempt(request: UpstreamRequest, signal: AbortSignal): Promise<UpstreamAnswer> {
    const { method, path, headers = {}, body = null } = request;
    const end = duration.startTimer({ upstream: name });
    try {
      const answer = await pool.request({ method: method as 'GET', path, headers, body, signal });
      end({ outcome: `${Math.floor(answer.statusCode / 100)}xx` });
      return { status: answer.statusCode, headers: answer.headers, body: answer.body };
    } catch (error) {
      end({ outcome: 'error' });
      throw error;
    }
  }

  /** An answer counts when all of it is there: one that breaks off each time is no success. */
  function watch(body: Readable, passage: Passage, caller: AbortSignal | undefined): void {
    body.once('end', () => passage.succeed());
    body.once('error', () => (caller?.aborted ? passage.leave() : passage.fail()));
    body.once('close', () => passage.leave());
  }

  return {
    name,
    async send(request) {
      if (underWay >= MOST_UNDER_WAY) throw new UpstreamBusy(name);
      const passage = request.isProbe ? undefined : breaker.enter();
      if (!request.isProbe && !passage) {
        throw new UpstreamUnavailable(name, new Error('it has failed several times; left to rest'));
      }
      underWay += 1;
      const ended = new AbortController();
      const timer = setTimeout(() => ended.abort(new UpstreamTimeout(name)), deadlineMs);
      const leave = () => ended.abort(request.signal?.reason);
      request.signal?.addEventListener('abort', leave, { once: true });
      const settle = () => {
        underWay -= 1;
        clearTimeout(timer);
        request.signal?.removeEventListener('abort', leave);
      };
      try {
        request.signal?.throwIfAborted();
        const first = attempt(request, ended.signal);
        const answer = await first.catch((error) => {
          if (!mayRepeat(request.method, error)) throw error;
          return attempt(request, ended.signal);
        });
        answer.body.once('close', settle);
        if (passage) watch(answer.body, passage, request.signal);
        return answer;
      } catch (error) {
        settle();
        const failure = toUpstreamError(name, error);
        if (request.signal?.aborted) passage?.leave();
        else passage?.fail();
        throw failure;
      }
    },
    close: () => pool.destroy(),
  };
}

/** A kept connection can be closed while a request is on its way into it: asking once more is safe. */
const CONNECTION_LOST = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

const mayRepeat = (method: string, error: unknown) =>
  (method === 'GET' || method === 'HEAD') &&
  CONNECTION_LOST.has((error as { code?: string }).code ?? '');

const TIMEOUTS = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

function toUpstreamError(name: string, error: unknown): Error {
  if (error instanceof UpstreamTimeout) return error;
  const code = (error as { code?: string }).code ?? '';
  if (TIMEOUTS.has(code)) return new UpstreamTimeout(name, error);
  return new UpstreamUnavailable(name, error);
}

export type UpstreamDuration = Histogram<'upstream' | 'outcome'>;

export const createUpstreamDuration = (metrics: Metrics): UpstreamDuration =>
  new Histogram({
    name: 'upstream_request_duration_seconds',
    help: 'Time until the head of the answer of a service behind this one.',
    labelNames: ['upstream', 'outcome'],
    buckets: SECONDS,
    registers: [metrics.registry],
  });
