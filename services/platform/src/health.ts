import { setTimeout as sleep } from 'node:timers/promises';
import { rootCause } from './errors.ts';
import type { Log } from './log.ts';

/** Something a service needs: asked in the background, never by a request. */
export interface Dependency {
  readonly name: string;
  /** Whether the service may take no request before this one has answered once. */
  readonly required: boolean;
  /**
   * Resolves when it answers, with what is worth telling of it; the message of what it throws becomes
   * the detail in `/health`.
   */
  check(signal: AbortSignal): Promise<DependencyFacts | undefined>;
}

/** What `/health` tells of a dependency that answers. */
export interface DependencyFacts {
  /** What a database has been given: its newest migration, and a digest over all of them. */
  readonly schema: { readonly version: number; readonly digest: string };
}

export interface HealthReport {
  readonly service: string;
  readonly status: 'ok' | 'degraded' | 'unready' | 'stopping';
  readonly source: string | null;
  readonly commit: string | null;
  readonly uptimeSeconds: number;
  readonly dependencies: Readonly<Record<string, DependencyReport>>;
}

export interface DependencyReport extends Partial<DependencyFacts> {
  /** `off`: this site is set up without it. */
  readonly status: 'unknown' | 'ok' | 'down' | 'off';
  readonly detail?: string;
}

export interface Health {
  /** Work to be done before the service is ready, once every required dependency has answered. */
  prepare(work: () => Promise<void>): void;
  /** Begins asking the dependencies. */
  start(): void;
  /** Ends asking, for good. */
  stop(): void;
  /** From now on unready, whatever the dependencies say. */
  markStopping(): void;
  isReady(): boolean;
  report(): HealthReport;
}

export interface HealthOptions {
  readonly service: string;
  readonly source?: string | null;
  readonly commit?: string | null;
  readonly dependencies?: readonly Dependency[];
  /** What this site does without, by name, and why: told, and asked by nobody. */
  readonly without?: Readonly<Record<string, string>>;
  readonly log: Log;
  readonly now?: () => number;
  readonly intervalMs?: number;
  /** Between two questions to a required dependency that has not answered yet. */
  readonly firstIntervalMs?: number;
  readonly timeoutMs?: number;
}

interface Watched extends Dependency {
  answeredOnce: boolean;
  report: DependencyReport;
}

export function createHealth(options: HealthOptions): Health {
  const { service, source = null, commit = null, log, now = Date.now } = options;
  const { intervalMs = 2_000, firstIntervalMs = 500, timeoutMs = 1_500 } = options;
  const off = Object.entries(options.without ?? {}).map(
    ([name, detail]) => [name, { status: 'off', detail }] as const,
  );
  const startedAt = now();
  const ended = new AbortController();
  const watched: Watched[] = (options.dependencies ?? []).map((dependency) => ({
    name: dependency.name,
    required: dependency.required,
    check: (signal) => dependency.check(signal),
    answeredOnce: false,
    report: { status: 'unknown' },
  }));
  let stopping = false;
  let preparation: 'none' | 'due' | 'under way' = 'none';
  let prepare: () => Promise<void> = async () => {};

  const isProvided = () => watched.every((it) => it.answeredOnce || !it.required);
  const isReady = () => !stopping && isProvided() && preparation === 'none';

  function prepareOnce(): void {
    if (preparation !== 'due' || !isProvided()) return;
    preparation = 'under way';
    const done = () => {
      preparation = 'none';
    };
    prepare().then(done, (error) => {
      log.error({ err: error }, 'preparation failed');
      done();
    });
  }

  async function watch(it: Watched): Promise<void> {
    while (!ended.signal.aborted) {
      const before = it.report;
      const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(timeoutMs)]);
      const { report, reason } = await ask(it, signal);
      if (ended.signal.aborted) return;
      it.report = report;
      if (report.status === 'ok') it.answeredOnce = true;
      prepareOnce();
      if (report.status !== before.status || report.detail !== before.detail) {
        const level = report.status === 'ok' ? 'info' : 'warn';
        log[level]({ dependency: it.name, ...report, reason }, 'dependency changed');
      }
      const pause = it.answeredOnce || !it.required ? intervalMs : firstIntervalMs;
      await sleep(pause, undefined, { signal: ended.signal, ref: false }).catch(() => {});
    }
  }

  return {
    prepare(work) {
      prepare = work;
      preparation = 'due';
    },
    start() {
      prepareOnce();
      for (const it of watched) void watch(it);
    },
    stop: () => ended.abort(),
    markStopping() {
      stopping = true;
    },
    isReady,
    report: () => ({
      service,
      status: stopping ? 'stopping' : verdict(isReady(), watched),
      source,
      commit,
      uptimeSeconds: Math.round((now() - startedAt) / 1000),
      dependencies: Object.fromEntries([
        ...watched.map((it) => [it.name, it.report] as const),
        ...off,
      ]),
    }),
  };
}

const verdict = (ready: boolean, watched: readonly Watched[]) => {
  if (!ready) return 'unready';
  return watched.some(({ report }) => report.status === 'down') ? 'degraded' : 'ok';
};

/** One question, answered when the time is up at the latest, also by what ignores its signal. */
async function ask(
  dependency: Dependency,
  signal: AbortSignal,
): Promise<{ report: DependencyReport; reason?: string }> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const giveUp = () => reject(new Error('no answer in time'));
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    const facts = await Promise.race([dependency.check(signal), late]);
    return { report: { status: 'ok', ...facts } };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { report: { status: 'down', detail }, reason: rootCause(error) };
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
