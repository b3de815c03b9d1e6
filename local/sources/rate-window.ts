/** Counts calls of the last so many milliseconds, as a provider does that limits its callers. */
export class RateWindow {
  readonly #most: number;
  readonly #ms: number;
  #times: number[] = [];

  constructor(most: number, ms: number) {
    this.#most = most;
    this.#ms = ms;
  }

  /** Whether one more is within the limit; it counts if it is. */
  allows(now: number): boolean {
    this.#times = this.#times.filter((time) => time > now - this.#ms);
    if (this.#times.length >= this.#most) return false;
    this.#times.push(now);
    return true;
  }

  /** Calls left and the moment at which the oldest is forgotten. */
  left(now: number): { readonly available: number; readonly resetAt: number } {
    this.#times = this.#times.filter((time) => time > now - this.#ms);
    const [oldest = now] = this.#times;
    return { available: this.#most - this.#times.length, resetAt: oldest + this.#ms };
  }
}
