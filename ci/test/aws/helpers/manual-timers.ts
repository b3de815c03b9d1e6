import type { Timers } from '../../../../local/aws/timers.ts';

/** Timers that a test moves on by hand, so that no limit depends on how busy the machine is. */
export class ManualTimers implements Timers {
  #now = 0;
  #waiting: { at: number; act: () => void }[] = [];

  get waiting(): number {
    return this.#waiting.length;
  }

  after(ms: number, act: () => void): () => void {
    const timer = { at: this.#now + ms, act };
    this.#waiting.push(timer);
    if (ms === 0) setImmediate(() => this.advance(0));
    return () => {
      this.#waiting = this.#waiting.filter((one) => one !== timer);
    };
  }

  /** Lets time pass and does all that falls due, in order. */
  advance(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const [next] = this.#waiting.filter((one) => one.at <= until).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#now = Math.max(this.#now, next.at);
      this.#waiting = this.#waiting.filter((one) => one !== next);
      next.act();
    }
    this.#now = until;
  }

  close(): void {
    this.#waiting = [];
  }
}
