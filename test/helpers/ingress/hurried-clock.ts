import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../../ci/src/clock.ts';

/** How many seconds go by in one. */
const haste = 500;

/** A clock by which a wait of minutes is over in a second. */
export function hurriedClock(): Clock {
  const started = performance.now();
  const passed = () => (performance.now() - started) * haste;
  return {
    monotonic: passed,
    now: () => new Date(Date.now() + passed()),
    sleep: (ms) => sleep(ms / haste),
  };
}
