import { Sema } from 'async-sema';
import { UpstreamBusy } from '../upstream/errors.ts';

/** A queue for one at a time, of bounded length, that anyone waiting may leave. */
export class Line {
  readonly #slot = new Sema(1);
  readonly #longest: number;
  #waiting = 0;
  #isTaken = false;

  constructor(longest: number) {
    this.#longest = longest;
  }

  get waiting(): number {
    return this.#waiting;
  }

  get isTaken(): boolean {
    return this.#isTaken;
  }

  /** Does the work when it is its turn; rejects when the line is full or the signal aborts before. */
  async inTurn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (this.#slot.tryAcquire() === undefined) await this.#wait(signal);
    this.#isTaken = true;
    try {
      return await work();
    } finally {
      this.#isTaken = false;
      this.#slot.release();
    }
  }

  /** Resolves when whoever has the turn has ended. */
  async drain(): Promise<void> {
    await this.#slot.acquire();
  }

  async #wait(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#waiting >= this.#longest) throw new UpstreamBusy('Spotify');
    const turn = this.#slot.acquire();
    const left = Promise.withResolvers<never>();
    const leave = () => left.reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    this.#waiting += 1;
    try {
      await Promise.race([turn, left.promise]);
    } catch (error) {
      // async-sema knows no leaving: the turn comes all the same, and must be handed on.
      void turn.then(() => this.#slot.release());
      throw error;
    } finally {
      this.#waiting -= 1;
      signal.removeEventListener('abort', leave);
    }
  }
}
