const MARGIN_MS = 30_000;

/** The access token, good until shortly before it expires. */
export class Token {
  #value: string | undefined;
  #expiresAt = 0;

  current(now: number): string | undefined {
    return now < this.#expiresAt ? this.#value : undefined;
  }

  /** `askedAt` and not the time of the answer: Spotify counts from within. */
  keep(value: string, lifeMs: number, askedAt: number): void {
    this.#value = value;
    this.#expiresAt = askedAt + Math.max(lifeMs - MARGIN_MS, lifeMs / 2);
  }

  drop(): void {
    this.#value = undefined;
  }
}
