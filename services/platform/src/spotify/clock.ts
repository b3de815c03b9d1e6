import { setTimeout as sleep } from 'node:timers/promises';

export interface Clock {
  /** Milliseconds that only grow: no correction of the wall clock moves them. */
  now(): number;
  /** Resolves after so many milliseconds, never earlier; rejects when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  async sleep(ms, signal) {
    const end = performance.now() + ms;
    // A timer of Node may fire a millisecond early.
    for (let left = ms; left > 0; left = end - performance.now()) {
      await sleep(left, undefined, signal ? { signal } : {});
    }
  },
};
