import { randomBytes } from 'node:crypto';

export interface TokensOptions {
  /** A fixed one in place of a random one for each call. */
  readonly password?: string | undefined;
  readonly lifetimeMs?: number;
  readonly now: () => number;
}

export interface Token {
  readonly password: string;
  readonly expiresAt: number;
}

const twelveHoursMs = 12 * 60 * 60_000;

/** The tokens that were handed out, and until when each of them opens the registry. */
export class Tokens {
  readonly #options: TokensOptions;
  readonly #issued = new Map<string, number>();

  constructor(options: TokensOptions) {
    this.#options = options;
  }

  /** How many different ones were handed out. */
  get count(): number {
    return this.#issued.size;
  }

  issue(): Token {
    const { password = randomBytes(48).toString('base64url'), now, lifetimeMs } = this.#options;
    const expiresAt = now() + (lifetimeMs ?? twelveHoursMs);
    this.#issued.set(password, expiresAt);
    return { password, expiresAt };
  }

  /** What a token is worth now. */
  check(password: string): 'good' | 'expired' | 'unknown' {
    const expiresAt = this.#issued.get(password);
    if (expiresAt === undefined) return 'unknown';
    return expiresAt > this.#options.now() ? 'good' : 'expired';
  }
}
