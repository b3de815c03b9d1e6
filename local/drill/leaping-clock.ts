import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, systemClock } from '../../ci/src/clock.ts';

export interface LeapingClock extends Clock {
  /** From now on it goes like any other. */
  readonly land: () => void;
}

/** How long a sleep of any length takes while the clock leaps. */
const napMs = 100;

/** A clock by which a minute of waiting is over in seconds: each sleep leaps to its end. */
export function leapingClock(): LeapingClock {
  let leaps = true;
  let ahead = 0;
  return {
    monotonic: () => systemClock.monotonic() + ahead,
    now: systemClock.now,
    sleep: async (ms, signal) => {
      if (!leaps || ms <= napMs) return systemClock.sleep(ms, signal);
      await sleep(napMs, undefined, signal ? { signal } : {});
      ahead += ms - napMs;
    },
    land: () => {
      leaps = false;
    },
  };
}
