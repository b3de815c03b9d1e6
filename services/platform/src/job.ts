import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from './log.ts';

/** Something a service does by itself, again and again, beside its answers. */
export interface Job {
  readonly name: string;
  /** From the end of one run to the beginning of the next. */
  readonly everyMs: number;
  run(signal: AbortSignal): Promise<void>;
}

export interface RunningJobs {
  /** Asks the runs under way to end, and waits until they have. */
  stop(): Promise<void>;
}

/** After failures the pause grows to this at most. */
const LONGEST_PAUSE_MS = 60_000;

/** Starts each job on its own clock; one that fails is tried again later and disturbs no other. */
export function startJobs(jobs: readonly Job[], log: Log): RunningJobs {
  const ended = new AbortController();
  const { signal } = ended;

  async function repeat({ name, everyMs, run }: Job): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const pause = Math.max(
        everyMs,
        failures && Math.min(LONGEST_PAUSE_MS, 1_000 * 2 ** failures),
      );
      // Replicas that started together do not stay in step.
      const jitter = 0.9 + Math.random() * 0.2;
      await sleep(pause * jitter, undefined, { signal, ref: false }).catch(() => {});
      if (signal.aborted) return;
      try {
        await run(signal);
        if (failures > 0) log.info({ job: name }, 'job recovered');
        failures = 0;
      } catch (error) {
        if (failures === 0) log.warn({ job: name, err: error }, 'job failed');
        failures = Math.min(failures + 1, 10);
      }
    }
  }

  const running = jobs.map((job) => repeat(job));
  return {
    async stop() {
      ended.abort();
      await Promise.all(running);
    },
  };
}
