import { LRUCache } from 'lru-cache';
import { type ReadRequest, readWhole, type WholeAnswer } from './whole-answer.ts';

export interface SharedAnswer extends WholeAnswer {
  /** Seconds since it came from the service behind. */
  readonly age: number;
}

export interface ReadOptions {
  /** The caller wants it from its source, whatever is kept. */
  readonly fresh?: boolean;
  /** Ends the wait of this caller; the read goes on for the others. */
  readonly signal?: AbortSignal;
}

/** Reads that anybody may have: the same one at the same time is asked once, and kept for a moment. */
export interface SharedReads {
  read(request: ReadRequest, options?: ReadOptions): Promise<SharedAnswer>;
  /** Something was written: what is kept of this upstream may be over. */
  forget(upstream: string): void;
}

export interface SharedReadsOptions {
  readonly maxBytes?: number;
  /** How long it is as good as new; then it is given once more while a newer one is fetched. */
  readonly freshMs?: number;
  readonly now?: () => number;
}

interface Flight {
  readonly answer: Promise<WholeAnswer>;
  /** Nobody waits any more: ends it, and lets nobody else in. */
  readonly end: () => void;
  callers: number;
}

interface Kept {
  readonly answer: WholeAnswer;
  readonly at: number;
  /** The service's own word on how long it may be kept. */
  readonly maxAgeMs: number;
}

export function createSharedReads(options: SharedReadsOptions = {}): SharedReads {
  const { maxBytes = 16 * 1024 * 1024, freshMs = 5_000, now = () => performance.now() } = options;
  const kept = new LRUCache<string, Kept>({
    maxSize: maxBytes,
    sizeCalculation: ({ answer }, key) => answer.body.length + key.length + 1_024,
  });
  const flights = new Map<string, Flight>();
  const generations = new Map<string, number>();
  const generationOf = (name: string) => generations.get(name) ?? 0;

  function depart(key: string, request: ReadRequest): Flight {
    const end = new AbortController();
    const generation = generationOf(request.upstream.name);
    const answer = readWhole(request, end.signal).then((whole) => {
      const maxAgeMs = maxAgeOf(whole);
      // What was asked before a write may tell of the time before it.
      if (maxAgeMs > 0 && generation === generationOf(request.upstream.name)) {
        kept.set(key, { answer: whole, at: now(), maxAgeMs });
      }
      return whole;
    });
    const land = () => {
      if (flights.get(key) === flight) flights.delete(key);
    };
    const flight: Flight = {
      answer,
      callers: 0,
      end: () => {
        land();
        end.abort();
      },
    };
    flights.set(key, flight);
    answer.then(land, land);
    return flight;
  }

  async function board(flight: Flight, signal: AbortSignal | undefined): Promise<WholeAnswer> {
    const left = Promise.withResolvers<never>();
    const leave = () => left.reject(signal?.reason);
    signal?.addEventListener('abort', leave, { once: true });
    flight.callers += 1;
    try {
      signal?.throwIfAborted();
      return await Promise.race([flight.answer, left.promise]);
    } finally {
      signal?.removeEventListener('abort', leave);
      flight.callers -= 1;
      if (flight.callers === 0) flight.end();
    }
  }

  return {
    async read(request, { fresh = false, signal } = {}) {
      const key = `${request.upstream.name} ${request.path}`;
      const found = fresh ? undefined : kept.get(key);
      const age = found ? now() - found.at : Number.POSITIVE_INFINITY;
      if (found && age < found.maxAgeMs) {
        if (age >= freshMs && !flights.has(key))
          board(depart(key, request), undefined).catch(() => {});
        return { ...found.answer, age: Math.floor(age / 1_000) };
      }
      const flight = flights.get(key) ?? depart(key, request);
      return { ...(await board(flight, signal)), age: 0 };
    },
    forget(upstream) {
      generations.set(upstream, generationOf(upstream) + 1);
      for (const key of kept.keys()) if (key.startsWith(`${upstream} `)) kept.delete(key);
      for (const key of flights.keys()) if (key.startsWith(`${upstream} `)) flights.delete(key);
    },
  };
}

/** Only what a service lets everybody keep, and what does not depend on who asks. */
function maxAgeOf({ status, headers }: WholeAnswer): number {
  if (status !== 200 || headers.vary !== undefined) return 0;
  const [, seconds] = /^public\b.*\bmax-age=(\d{1,6})\b/.exec(headers['cache-control'] ?? '') ?? [];
  return Number(seconds ?? 0) * 1_000;
}
