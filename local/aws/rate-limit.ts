export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** A token bucket for each action. AWS does not publish its rates, only that there are some. */
export class RateLimit {
  readonly #rate: Rate;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  allows(action: string, now: number): boolean {
    const bucket = this.#buckets.get(action) ?? { tokens: this.#rate.burst, at: now };
    const refilled = bucket.tokens + ((now - bucket.at) / 1_000) * this.#rate.perSecond;
    const tokens = Math.min(this.#rate.burst, refilled);
    const allowed = tokens >= 1;
    this.#buckets.set(action, { tokens: allowed ? tokens - 1 : tokens, at: now });
    return allowed;
  }
}
