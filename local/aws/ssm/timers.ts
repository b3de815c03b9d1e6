/** Timers that end together, so that a closed server holds nothing open. */
export class Timers {
  readonly #timers = new Set<NodeJS.Timeout>();

  after(ms: number, act: () => void): void {
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        act();
      },
      // Node fires at once what is later than this: two days of run limit and a month of delivery.
      Math.min(ms, 2 ** 31 - 1),
    );
    this.#timers.add(timer.unref());
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
