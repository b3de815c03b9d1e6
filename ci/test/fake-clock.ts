import type { Clock } from '../src/clock.ts';

export interface FakeClock extends Clock {
  /** Seconds since the clock was made. */
  seconds(): number;
  advance(ms: number): void;
}

/** A clock on which only sleeping takes time. */
export function fakeClock(start = new Date('2026-11-23T02:00:00Z')): FakeClock {
  let passed = 0;
  return {
    monotonic: () => passed,
    now: () => new Date(start.getTime() + passed),
    seconds: () => passed / 1_000,
    advance(ms) {
      passed += ms;
    },
    async sleep(ms) {
      passed += ms;
    },
  };
}
