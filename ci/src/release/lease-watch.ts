import type { Clock } from '../clock.ts';
import { type Lease, leaseSeconds } from './lease.ts';

/**
 * Judges from the outside whether a holder lives. Only our own clock counts, and only from one look to
 * another: a Lease that did not change for as long as it lives is nobody's, whatever times stand in it.
 */
export class LeaseWatch {
  readonly #clock: Clock;
  #seen: { readonly lease: Lease; readonly since: number } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The Lease as it was last seen. */
  get last(): Lease | undefined {
    return this.#seen?.lease;
  }

  see(lease: Lease): void {
    if (this.#seen?.lease.version === lease.version) return;
    this.#seen = { lease, since: this.#clock.monotonic() };
  }

  /** Seconds for which the last seen Lease has not changed. */
  unchangedSeconds(): number {
    return this.#seen ? (this.#clock.monotonic() - this.#seen.since) / 1_000 : 0;
  }

  /** Whether the last seen Lease may be taken; that it is still the same, the write itself proves. */
  isFree(): boolean {
    const lease = this.#seen?.lease;
    return lease !== undefined && (lease.holder === '' || this.unchangedSeconds() >= leaseSeconds);
  }
}
