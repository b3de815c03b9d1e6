import type { Log } from '../log.ts';
import { UpstreamTimeout } from '../upstream/errors.ts';
import { type Clock, systemClock } from './clock.ts';
import { SpotifyPaused } from './errors.ts';
import { Gate } from './gate.ts';
import { judgeAnswer, type Verdict } from './judge-answer.ts';
import { Line } from './line.ts';
import { type Penalty, penaltyFor } from './penalty.ts';
import { readText } from './read-text.ts';
import { bestEffort, type SharedPenalty } from './shared-penalty.ts';

type Fetch = (request: Request, init: { readonly signal: AbortSignal }) => Promise<Response>;

export interface WireOptions {
  readonly penalty: SharedPenalty;
  readonly log: Log;
  /** Told of each call that was made, by what became of it. */
  readonly onCall?: (outcome: Verdict['kind']) => void;
  readonly clock?: Clock;
  readonly fetch?: Fetch;
  readonly longestLine?: number;
}

/** Somebody who waits to ask Spotify something. */
export interface Waiting {
  /** By the wire's clock: what begins later helps nobody. It may move while it is waited for. */
  readonly endsAt: number;
  readonly signal: AbortSignal;
  /** Throws when there is nobody left to go on for. */
  giveUpIfUnwanted(): void;
}

const CALL_LIMIT_MS = 5_000;
const LARGEST_ANSWER = 1024 * 1024;

/** A process's way to Spotify: one call at a time, never faster than five in a second, none in a penalty. */
export class Wire {
  readonly clock: Clock;
  readonly line: Line;
  readonly gate = new Gate();
  readonly #fetch: Fetch;
  readonly #shared: SharedPenalty;
  readonly #options: WireOptions;
  readonly #closing = new AbortController();

  constructor(options: WireOptions) {
    this.#options = options;
    this.clock = options.clock ?? systemClock;
    this.#fetch =
      options.fetch ?? ((request, { signal }) => fetch(request, { signal, redirect: 'error' }));
    this.#shared = bestEffort(options.penalty, this.clock, options.log);
    this.line = new Line(options.longestLine ?? 50);
  }

  /** Aborts when the process takes no more questions. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Waits for spacing and penalties, those of the other replicas too; gives up if they outlast the deadline. */
  async untilOpen(waiting: Waiting): Promise<void> {
    for (;;) {
      waiting.giveUpIfUnwanted();
      const now = this.clock.now();
      const ms = this.gate.opensIn(now);
      if (now + ms > waiting.endsAt) {
        const closedFor = this.gate.closedFor(now);
        throw closedFor > 0 ? new SpotifyPaused(closedFor) : new UpstreamTimeout('Spotify');
      }
      if (ms > 0) await this.clock.sleep(ms, waiting.signal);
      const left = await this.#shared.left();
      const after = this.clock.now();
      this.gate.close(left, after);
      waiting.giveUpIfUnwanted();
      if (this.gate.opensIn(after) === 0) return;
    }
  }

  /** One call, whatever becomes of it; it is given up after a while. */
  async call(request: Request, limitMs = CALL_LIMIT_MS): Promise<Verdict> {
    const verdict = await this.#attempt(request, Math.min(limitMs, CALL_LIMIT_MS));
    this.#options.onCall?.(verdict.kind);
    return verdict;
  }

  /** Closes the way for everybody, as the so-manieth 429 (0 the first) asks for. */
  async punish(limited: Extract<Verdict, { kind: 'limited' }>, before: number): Promise<Penalty> {
    const penalty = penaltyFor(limited, before);
    this.gate.close(penalty.ms, this.clock.now());
    await this.#shared.extend(penalty.ms);
    return penalty;
  }

  /** Takes no more questions, and waits for the one under way to give up. */
  close(reason: Error): void {
    this.#closing.abort(reason);
  }

  async #attempt(request: Request, limitMs: number): Promise<Verdict> {
    const ended = new AbortController();
    const late = this.clock.sleep(limitMs, ended.signal).then(() => ended.abort());
    late.catch(() => {});
    const signal = AbortSignal.any([ended.signal, this.#closing.signal]);
    try {
      // Beside the request: one that carries its signal is deaf to it once it has been garbage collected.
      const answering = this.#fetch(request, { signal });
      // Not before it: whatever holds a busy process up there would shorten the distance.
      this.gate.started(this.clock.now());
      const answer = await answering;
      const text = await readText(answer, LARGEST_ANSWER);
      return judgeAnswer(answer.status, answer.headers.get('retry-after'), text);
    } catch (error) {
      this.#options.log.warn({ err: error }, 'Spotify does not answer');
      return { kind: 'failed' };
    } finally {
      ended.abort();
    }
  }
}
