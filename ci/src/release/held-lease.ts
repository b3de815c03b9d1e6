import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { PipelineError } from '../errors.ts';
import { patiently } from '../patiently.ts';
import type { GuardedOutput, KubectlCall, KubectlOutput, Target } from '../target/target.ts';
import {
  changeSeconds,
  giveBackCall,
  type Lease,
  parseLease,
  readCall,
  writeCall,
} from './lease.ts';
import { lookAtLease, refusal, send } from './lease-calls.ts';

/** Milliseconds after which a read carries a renewal along: several fit into the Lease's life. */
const renewAfterMs = 10_000;

/** Times that a change is sent again because our own renewal came in between, or its answer was lost. */
const attempts = 4;

export interface Changed {
  /** Of the calls that ran; the last one failed if there are fewer than were asked, or if it says so. */
  readonly outputs: readonly KubectlOutput[];
  readonly reads: readonly KubectlOutput[];
}

/** Somebody else was faster: nothing has run, and the Lease is to be waited for. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken';
}

/**
 * The Lease while we hold it. Every change of the cluster goes through `mutate`, whose text is refused
 * where it arrives if anybody else has taken the Lease; every read through `target` keeps it alive. One
 * that is known to be free is taken by the guard of the first change, which throws NotTaken if it is not.
 */
export class HeldLease {
  /** The target as before, whose reads renew the Lease when it is time. */
  readonly target: Target;
  readonly #target: Target;
  readonly #clock: Clock;
  #lease: Lease;
  #renewedAt: number;
  /** Ends when nobody is writing the Lease: one write at a time, since each needs the last one's version. */
  #turn: Promise<unknown> = Promise.resolve();
  #writes = 0;
  #given = false;
  #taken: boolean;

  constructor(target: Target, clock: Clock, lease: Lease, taken = true) {
    this.#taken = taken;
    this.#target = target;
    this.#clock = clock;
    this.#lease = lease;
    this.#renewedAt = clock.monotonic();
    this.target = {
      description: target.description,
      namespace: target.namespace,
      kubectl: (calls) => this.#read(calls),
      probe: (probes) => target.probe(probes),
      guarded: (calls) => target.guarded(calls),
    };
  }

  /** Notes what is under way, for whoever waits; it is written with whatever is written next. */
  at(step: string, release: string = this.#lease.holder): void {
    this.#lease = { ...this.#lease, step, holder: release };
  }

  /**
   * Runs calls one after the other until one fails, and then the reads side by side. Throws LEASE_LOST,
   * and nothing has run, if somebody else took the Lease; a failed call is told by its output.
   */
  async mutate(
    step: string,
    calls: readonly KubectlCall[],
    reads: readonly KubectlCall[] = [],
  ): Promise<Changed> {
    this.at(step);
    return this.#alone(() => this.#change(calls, reads));
  }

  /** The last change of a release, with which the Lease is given back. */
  async end(step: string, calls: readonly KubectlCall[]): Promise<Changed> {
    this.at(step);
    return this.#alone(async () => {
      const { outputs } = await this.#change([...calls, giveBackCall(this.#lease)], []);
      this.#given = outputs.length > calls.length && outputs.at(-1)?.exitCode === 0;
      return { outputs: outputs.slice(0, calls.length), reads: [] };
    });
  }

  /** Gives the Lease back, as far as it can be reached; left alone, it ends by itself. */
  async giveBack(): Promise<void> {
    if (this.#given || !this.#taken) return;
    this.#given = true;
    await this.#target.kubectl([giveBackCall(this.#lease)]).catch(() => undefined);
  }

  async #change(
    calls: readonly KubectlCall[],
    reads: readonly KubectlCall[],
  ): Promise<GuardedOutput> {
    for (let attempt = 1; ; attempt += 1) {
      const marker = randomUUID();
      const text = {
        id: marker,
        guard: this.#write({ ...this.#lease, marker }),
        marker: readCall(this.#target.namespace),
        calls,
        reads,
        withinSeconds: changeSeconds,
      };
      const output = await this.#send(text);
      if (output?.guard.exitCode === 0) {
        this.#adopt(parseLease(output.guard));
        return output;
      }
      if (this.#taken) await this.#recall();
      else await this.#recallTaking(output ? undefined : marker);
      if (attempt >= attempts) {
        const what = `A change of ${this.#target.description} was refused ${attempts} times, though the Lease is held.`;
        throw new PipelineError('LEASE_LOST', what, { cure: 'Try again.' });
      }
    }
  }

  /** Undefined if the text arrived and its answer is lost for good: it is sent anew, as another one. */
  async #send(text: Parameters<typeof send>[1]): Promise<GuardedOutput | undefined> {
    try {
      return await patiently(this.#clock, () => send(this.#target, text));
    } catch (error) {
      if (error instanceof PipelineError && error.code === 'COMMAND_ANSWER_LOST') return undefined;
      throw error;
    }
  }

  async #read(calls: readonly KubectlCall[]): Promise<KubectlOutput[]> {
    const due = this.#clock.monotonic() - this.#renewedAt >= renewAfterMs;
    const isOurs = this.#taken && !this.#given;
    if (!due || !isOurs || this.#writes > 0) return this.#target.kubectl(calls);
    return this.#alone(async () => {
      const outputs = await this.#target.kubectl([...calls, this.#write(this.#lease)]);
      const renewed = outputs.at(-1);
      if (renewed?.exitCode === 0) this.#adopt(parseLease(renewed));
      else if (renewed && refusal(renewed)) await this.#recall();
      return outputs.slice(0, calls.length);
    });
  }

  #write = (lease: Lease): KubectlCall =>
    writeCall(this.#target.namespace, lease, this.#clock.now());

  #adopt(seen: Lease): void {
    this.#taken = true;
    this.#lease = { ...this.#lease, version: seen.version, marker: seen.marker };
    this.#renewedAt = this.#clock.monotonic();
  }

  /** Finds out whether a write was refused because of one of our own, or because the Lease is lost. */
  async #recall(): Promise<void> {
    const seen = await patiently(this.#clock, () => lookAtLease(this.#target));
    if (seen.generation !== this.#lease.generation || seen.holder === '') {
      throw lost(this.#target, this.#lease, seen);
    }
    this.#adopt(seen);
  }

  /** Finds out whether a taking whose answer was lost came about. Whoever else took it has the same generation. */
  async #recallTaking(lost: string | undefined): Promise<void> {
    const seen = lost && (await patiently(this.#clock, () => lookAtLease(this.#target)));
    if (!seen || seen.marker !== lost) throw new NotTaken();
    this.#adopt(seen);
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    this.#writes += 1;
    const before = this.#turn;
    const mine = before.then(work, work);
    this.#turn = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      this.#writes -= 1;
    }
  }
}

function lost(target: Target, own: Lease, now: Lease): PipelineError {
  const who = now.holder ? `release ${now.holder}${now.by ? ` of ${now.by}` : ''}` : 'nobody';
  return new PipelineError(
    'LEASE_LOST',
    `Release ${own.holder} was out of touch with ${target.description} for too long: its Lease went to ${who}, which takes it to its end.`,
    { cure: 'Nothing was changed since then. See `releases` for what became of it.' },
  );
}
