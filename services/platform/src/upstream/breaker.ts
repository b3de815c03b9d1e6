export interface Breaker {
  /** Whether a request may go; after a rest one goes ahead of the others. */
  enter(): boolean;
  succeed(): void;
  fail(): void;
  /** The request ended without telling anything: its own caller left. */
  leave(): void;
}

export interface BreakerOptions {
  readonly restMs: number;
  /** Failures in a row, with no success between them. */
  readonly failures?: number;
  readonly now?: () => number;
}

/** After some failures in a row an upstream is left alone for a while; then one request tries it. */
export function createBreaker(options: BreakerOptions): Breaker {
  const { restMs, failures = 5, now = () => performance.now() } = options;
  let inARow = 0;
  let restsUntil = 0;
  let isTried = false;

  return {
    enter() {
      if (inARow < failures) return true;
      if (now() < restsUntil || isTried) return false;
      isTried = true;
      return true;
    },
    succeed() {
      inARow = 0;
      isTried = false;
    },
    fail() {
      inARow += 1;
      isTried = false;
      if (inARow >= failures) restsUntil = now() + restMs;
    },
    leave() {
      isTried = false;
    },
  };
}
