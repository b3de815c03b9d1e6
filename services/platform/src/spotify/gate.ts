/** Between the starts of two calls: five in a second. */
export const SPACING_MS = 200;

/** When the next call may start: one variable for the spacing and for every penalty. */
export class Gate {
  #opensAt = 0;
  #closedUntil = 0;

  /** Milliseconds until the next call may start. */
  opensIn(now: number): number {
    return Math.max(0, Math.max(this.#opensAt, this.#closedUntil) - now);
  }

  /** Milliseconds that are left of a penalty. */
  closedFor(now: number): number {
    return Math.max(0, this.#closedUntil - now);
  }

  started(now: number): void {
    this.#opensAt = now + SPACING_MS;
  }

  /** A penalty; a shorter one does not end a longer one. */
  close(ms: number, now: number): void {
    this.#closedUntil = Math.max(this.#closedUntil, now + ms);
  }
}
