const REMEMBERED_MS = 3_600_000;

/** Endpoints that Spotify has closed to us; each is tried again once an hour, since it may have been an error. */
export class Withdrawn {
  readonly #since = new Map<string, number>();

  add(endpoint: string, now: number): void {
    this.#since.set(endpoint, now);
  }

  has(endpoint: string, now: number): boolean {
    const since = this.#since.get(endpoint);
    return since !== undefined && now - since < REMEMBERED_MS;
  }
}
