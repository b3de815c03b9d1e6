import { setTimeout as sleep } from 'node:timers/promises';
import { demo } from '../../local/site-database.ts';
import type { ServiceProcess } from './six-services.ts';

const ASK_LIMIT_MS = 30_000;

const search = '/v1/events/search?limit=5';
const login = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(demo),
};

/** What each service is there for; all but the gateway read the database to answer it. */
const mainReads: Readonly<Record<string, readonly [path: string, init?: RequestInit]>> = {
  'auth-service': ['/auth/login', login],
  'events-service': [search],
  'dj-service': ['/djs'],
  'venue-service': ['/venues'],
  'ml-service': ['/v1/recommendations'],
  // What the gateway keeps would hide what is behind it.
  aggregator: [search, { headers: { 'cache-control': 'no-cache' } }],
};

export interface Answer {
  readonly status: number;
  readonly ms: number;
  readonly text: string;
  readonly type: string;
  readonly retryAfter: string;
}

/** Asks a service for what it is there for. */
export async function ask({ name, url }: ServiceProcess): Promise<Answer> {
  const [path = '', init] = mainReads[name] ?? [];
  const startedAt = performance.now();
  const answer = await fetch(url + path, { ...init, signal: AbortSignal.timeout(ASK_LIMIT_MS) });
  const text = await answer.text();
  return {
    status: answer.status,
    ms: Math.round(performance.now() - startedAt),
    text,
    type: answer.headers.get('content-type') ?? '',
    retryAfter: answer.headers.get('retry-after') ?? '',
  };
}

/** Asks until it is answered; gives back the milliseconds that took. */
export async function askUntilAnswered(service: ServiceProcess, limitMs: number): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const { status, text } = await ask(service);
    const elapsed = Math.round(performance.now() - startedAt);
    if (status === 200) return elapsed;
    if (elapsed > limitMs) throw new Error(`${service.name} stays at ${status}: ${text}`);
    await sleep(100);
  }
}

export const statusOf = async (service: ServiceProcess, path: string): Promise<number> =>
  (await fetch(service.url + path)).status;

/** A metric of the service's own, by its name with its labels. */
export async function metricOf({ metricsUrl }: ServiceProcess, name: string): Promise<number> {
  const text = await (await fetch(metricsUrl)).text();
  const line = text.split('\n').find((it) => it.startsWith(`${name} `));
  if (!line) throw new Error(`no metric ${name}`);
  return Number(line.slice(name.length));
}
