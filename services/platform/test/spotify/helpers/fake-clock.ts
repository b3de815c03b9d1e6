import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../../src/spotify/clock.ts';

interface Sleeper {
  readonly at: number;
  wake(): void;
}

/** Time that passes only when the test says so. */
export class FakeClock implements Clock {
  #now = 1_000;
  #sleepers: Sleeper[] = [];

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sleeper = { at: this.#now + ms, wake: resolve };
    this.#sleepers.push(sleeper);
    const leave = () => {
      this.#sleepers = this.#sleepers.filter((it) => it !== sleeper);
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', leave, { once: true });
    return promise;
  }

  /** Lets time pass, and what waits for a moment of it go on at that moment. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (;;) {
      const next = this.#sleepers.toSorted((a, b) => a.at - b.at)[0];
      if (!next || next.at > end) break;
      this.#now = Math.max(this.#now, next.at);
      await this.#wakeDue();
    }
    this.#now = end;
  }

  /** What a process meets that was frozen: later at once, with all timers due. */
  async jump(ms: number): Promise<void> {
    await settle();
    this.#now += ms;
    await this.#wakeDue();
  }

  /** What a process meets that gets no CPU in the middle of its work. */
  holdUp(ms: number): void {
    this.#now += ms;
  }

  async #wakeDue(): Promise<void> {
    const due = this.#sleepers.filter(({ at }) => at <= this.#now);
    this.#sleepers = this.#sleepers.filter(({ at }) => at > this.#now);
    for (const { wake } of due) wake();
    await settle();
  }
}

/** Bodies of answers take several turns of the event loop. */
async function settle(): Promise<void> {
  for (let i = 0; i < 6; i++) await turn();
}
