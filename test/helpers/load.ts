import { Agent, get } from 'node:http';

/** `kept`: connections are used again, as a proxy does; `fresh`: each request makes one of its own. */
export type Connections = 'kept' | 'fresh';

export interface LoadResult {
  readonly sent: number;
  readonly answered: number;
  /** What did not end with a 2xx, by status or error code. */
  readonly failures: Readonly<Record<string, number>>;
  /** Milliseconds from the moment at which a request was due, be it sent then or later. */
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
}

export interface Load {
  stop(): Promise<LoadResult>;
}

const TICK_MS = 5;
const REQUEST_LIMIT_MS = 10_000;
/** The connections that a proxy might keep; more requests than that at once wait for one. */
const MOST_KEPT = 64;

/** Sends requests at a fixed rate, whatever the answers take; nothing is ever tried again. */
export function startLoad(
  url: string,
  perSecond: number,
  connections: Connections,
  headers: Readonly<Record<string, string>> = {},
): Load {
  const asker = createAsker(url, connections, headers);
  const startedAt = performance.now();
  const underWay = new Set<Promise<void>>();
  let sent = 0;
  const send = () => {
    const due = 1 + Math.floor(((performance.now() - startedAt) / 1_000) * perSecond);
    for (; sent < due; sent += 1) {
      const asked = asker.ask(startedAt + (sent * 1_000) / perSecond);
      underWay.add(asked);
      void asked.then(() => underWay.delete(asked));
    }
  };
  const timer = setInterval(send, TICK_MS);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
      return asker.close();
    },
  };
}

/**
 * How many requests a second are answered when as many as `callers` are always under way, every
 * second one over a fresh connection: those cost more.
 */
export async function measureCapacity(
  url: string,
  callers: number,
  seconds: number,
): Promise<number> {
  const askers = [createAsker(url, 'kept'), createAsker(url, 'fresh')] as const;
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  const call = async () => {
    while (performance.now() < until) {
      for (const asker of askers) await asker.ask(performance.now());
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  const elapsed = (performance.now() - startedAt) / 1_000;
  return askers.reduce((sum, asker) => sum + asker.close().answered, 0) / elapsed;
}

function createAsker(
  url: string,
  connections: Connections,
  headers: Readonly<Record<string, string>> = {},
) {
  const keepAlive = connections === 'kept';
  const agent = new Agent({
    keepAlive,
    maxSockets: keepAlive ? MOST_KEPT : Number.POSITIVE_INFINITY,
  });
  const took: number[] = [];
  const failures: Record<string, number> = {};
  let sent = 0;
  const fail = (reason: string) => {
    failures[reason] = (failures[reason] ?? 0) + 1;
  };

  const request = () =>
    new Promise<string | undefined>((resolve) => {
      const signal = AbortSignal.timeout(REQUEST_LIMIT_MS);
      const onError = (error: NodeJS.ErrnoException) => resolve(error.code ?? error.name);
      get(url, { agent, signal, headers }, (res) => {
        const ok = res.statusCode !== undefined && res.statusCode < 300;
        res.resume().once('error', onError);
        res.once('end', () => resolve(ok ? undefined : String(res.statusCode)));
      }).once('error', onError);
    });

  return {
    async ask(dueAt: number): Promise<void> {
      sent += 1;
      const failure = await request();
      if (failure === undefined) took.push(performance.now() - dueAt);
      else fail(failure);
    },
    close(): LoadResult {
      agent.destroy();
      const sorted = took.toSorted((a, b) => a - b);
      const at = (share: number) => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
      return {
        sent,
        answered: took.length,
        failures,
        p50: at(0.5),
        p99: at(0.99),
        worst: Math.round(sorted.at(-1) ?? 0),
      };
    },
  };
}
