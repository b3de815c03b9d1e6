/** A request that may go, and what became of it; only the first word counts. */
export interface Passage {
  succeed(): void;
  fail(): void;
  /** It ended without telling anything: its own caller left. */
  leave(): void;
}

export interface Breaker {
  /** Whether a request may go; after a rest one goes ahead of the others. */
  enter(): Passage | undefined;
}

export interface BreakerOptions {
  readonly restMs: number;
  /** Failures in a row, with no success between them. */
  readonly failures?: number;
  readonly now?: () => number;
}

/**
 * After some failures in a row an upstream is left alone for a while; then one request tries it. What was
 * under way when that began tells of the time before: it ends no trial of others and no rest.
 */
export function createBreaker(options: BreakerOptions): Breaker {
  const { restMs, failures = 5, now = () => performance.now() } = options;
  let inARow = 0;
  let restsUntil = 0;
  let isTried = false;
  /** Grows with each rest, each trial, and each end of them. */
  let era = 0;

  function begin(next: { inARow: number; isTried: boolean }): void {
    ({ inARow, isTried } = next);
    era += 1;
  }

  function passage(): Passage {
    let mine: number | undefined = era;
    const settle = (what: () => void) => {
      if (mine === era) what();
      mine = undefined;
    };
    return {
      succeed: () =>
        settle(() => {
          if (isTried) begin({ inARow: 0, isTried: false });
          else inARow = 0;
        }),
      fail: () =>
        settle(() => {
          inARow += 1;
          if (inARow < failures) return;
          restsUntil = now() + restMs;
          begin({ inARow, isTried: false });
        }),
      leave: () =>
        settle(() => {
          if (isTried) begin({ inARow, isTried: false });
        }),
    };
  }

  return {
    enter() {
      if (inARow < failures) return passage();
      if (now() < restsUntil || isTried) return undefined;
      begin({ inARow, isTried: true });
      return passage();
    },
  };
}
