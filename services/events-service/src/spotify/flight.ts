import type { Clock } from '@whatsthecraic/platform/spotify/clock';
import { UpstreamTimeout } from '@whatsthecraic/platform/upstream/errors';

export interface WaitOptions {
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** One lookup under way, for all who want its answer. */
export class Flight<T> {
  readonly result: Promise<T>;
  readonly #clock: Clock;
  readonly #left = new AbortController();
  #callers = 0;
  #endsAt = 0;
  #isOnWire = false;

  constructor(clock: Clock, fly: (flight: Flight<T>) => Promise<T>) {
    this.#clock = clock;
    this.result = fly(this);
    // Whoever waits hears of a failure; when nobody waits it is nobody's.
    this.result.catch(() => {});
  }

  /** Aborts when nobody waits for it before it is asked, or the client closes. */
  get signal(): AbortSignal {
    return this.#left.signal;
  }

  get isWanted(): boolean {
    return this.#callers > 0;
  }

  /** The latest of its callers' deadlines: what begins after it helps nobody. */
  get endsAt(): number {
    return this.#endsAt;
  }

  cancel(reason: Error): void {
    this.#left.abort(reason);
  }

  /** Throws when there is nobody to go on for; a caller who comes then gets a flight of its own. */
  giveUpIfUnwanted(): void {
    if (!this.isWanted) this.cancel(new Error('nobody waits for it'));
    this.signal.throwIfAborted();
  }

  /** A call that has begun counts for Spotify and is taken to its end, whoever leaves. */
  async onWire<R>(call: () => Promise<R>): Promise<R> {
    this.#isOnWire = true;
    try {
      return await call();
    } finally {
      this.#isOnWire = false;
    }
  }

  /** The result, the caller's own deadline or the caller's leaving, whichever comes first. */
  async wait({ deadlineMs, signal }: WaitOptions): Promise<T> {
    this.#callers += 1;
    this.#endsAt = Math.max(this.#endsAt, this.#clock.now() + deadlineMs);
    const ended = new AbortController();
    const stop = signal ? AbortSignal.any([signal, ended.signal]) : ended.signal;
    const tooLate = this.#clock.sleep(deadlineMs, stop).then(
      () => {
        throw new UpstreamTimeout('Spotify');
      },
      (error: unknown) => {
        throw signal?.aborted ? signal.reason : error;
      },
    );
    try {
      return await Promise.race([this.result, tooLate]);
    } finally {
      ended.abort();
      this.#callers -= 1;
      if (!this.isWanted && !this.#isOnWire) this.cancel(new Error('nobody waits for it'));
    }
  }
}
