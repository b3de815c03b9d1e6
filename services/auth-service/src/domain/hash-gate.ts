import { setTimeout as sleep } from 'node:timers/promises';
import { Sema } from 'async-sema';
import { LoginBusy } from '../errors.ts';

export interface HashGateOptions {
  readonly atOnce?: number;
  readonly waitMs?: number;
  readonly maxWaiting?: number;
}

/** Lets few password hashes run at once: each takes 19 MiB, and a pod has 192. */
export type HashGate = <T>(work: () => Promise<T>) => Promise<T>;

export function createHashGate(options: HashGateOptions = {}): HashGate {
  const { atOnce = 2, waitMs = 1_500, maxWaiting = 40 } = options;
  const slots = new Sema(atOnce);
  let waiting = 0;

  async function enter(): Promise<void> {
    if (slots.tryAcquire()) return;
    if (waiting >= maxWaiting) throw new LoginBusy();
    waiting += 1;
    const turn = slots.acquire().then(() => true);
    const inTime = new AbortController();
    const late = sleep(waitMs, false, { signal: inTime.signal }).catch(() => false);
    try {
      if (await Promise.race([turn, late])) return;
      // The semaphore knows no deadline: a turn that comes too late must be given back.
      void turn.then(() => slots.release());
      throw new LoginBusy();
    } finally {
      waiting -= 1;
      inTime.abort();
    }
  }

  return async function passHashGate(work) {
    await enter();
    try {
      return await work();
    } finally {
      slots.release();
    }
  };
}
