import type { Log } from '@whatsthecraic/platform/log';
import {
  UpstreamGarbage,
  UpstreamTimeout,
  UpstreamUnavailable,
} from '@whatsthecraic/platform/upstream/errors';
import { AnswerCache, type CacheCounts } from './answer-cache.ts';
import { type Clock, systemClock } from './clock.ts';
import { SpotifyPaused, SpotifyRefusesUs, SpotifyWithdrawn } from './errors.ts';
import { Flight, type WaitOptions } from './flight.ts';
import { Gate } from './gate.ts';
import { judgeAnswer, type Verdict } from './judge-answer.ts';
import { Line } from './line.ts';
import { penaltyFor } from './penalty.ts';
import { readText } from './read-text.ts';
import {
  addressOf,
  apiRequest,
  type Credentials,
  type Hosts,
  type Lookup,
  tokenAnswer,
  tokenRequest,
} from './requests.ts';
import { bestEffort, type SharedPenalty } from './shared-penalty.ts';
import { Token } from './token.ts';
import { Withdrawn } from './withdrawn.ts';

export interface SpotifyClientOptions {
  readonly hosts: Hosts;
  readonly credentials: Credentials;
  readonly penalty: SharedPenalty;
  readonly log: Log;
  /** Told of each call that was made, by what became of it. */
  readonly onCall?: (outcome: Verdict['kind']) => void;
  readonly clock?: Clock;
  readonly fetch?: (request: Request) => Promise<Response>;
  readonly longestLine?: number;
}

/** What `/spotify/cache-stats` tells. */
export interface SpotifyStats extends CacheCounts {
  readonly queueLength: number;
  readonly isProcessing: boolean;
}

export interface Found<T> {
  readonly value: T;
  /** From yesterday, since there is nothing better. */
  readonly isStale: boolean;
}

const CALL_LIMIT_MS = 5_000;
const REFUSED_PAUSE_MS = 60_000;
const LARGEST_ANSWER = 1024 * 1024;

/** Asks Spotify one thing at a time, never faster than five in a second, and nothing twice in a day. */
export class SpotifyClient {
  readonly #options: SpotifyClientOptions;
  readonly #clock: Clock;
  readonly #fetch: (request: Request) => Promise<Response>;
  readonly #shared: SharedPenalty;
  readonly #line: Line;
  readonly #cache = new AnswerCache();
  readonly #flights = new Map<string, Flight<unknown>>();
  readonly #gate = new Gate();
  readonly #token = new Token();
  readonly #withdrawn = new Withdrawn();
  readonly #closing = new AbortController();
  #refusedUntil = 0;

  constructor(options: SpotifyClientOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#fetch = options.fetch ?? ((request) => fetch(request));
    this.#shared = bestEffort(options.penalty, this.#clock, options.log);
    this.#line = new Line(options.longestLine ?? 50);
  }

  /** The answer of the last 24 hours, or a new one, or an older one if there is nothing better. */
  async get<T>(lookup: Lookup<T>, wait: WaitOptions): Promise<Found<T>> {
    wait.signal?.throwIfAborted();
    const key = addressOf(lookup);
    const fresh = this.#cache.fresh(key, this.#clock.now());
    if (fresh) return { value: fresh.value as T, isStale: false };
    try {
      return { value: (await this.#ask(key, lookup, wait)) as T, isStale: false };
    } catch (error) {
      const last = wait.signal?.aborted ? undefined : this.#cache.last(key);
      if (!last) throw error;
      return { value: last.value as T, isStale: true };
    }
  }

  stats(): SpotifyStats {
    return {
      ...this.#cache.counts(this.#clock.now()),
      queueLength: this.#line.waiting,
      isProcessing: this.#line.isTaken,
    };
  }

  /** Milliseconds for which Spotify may not be asked, as far as this process knows. */
  closedForMs(): number {
    return this.#gate.closedFor(this.#clock.now());
  }

  sweep(): void {
    this.#cache.sweep(this.#clock.now());
  }

  /** Takes no more questions and gives up those that wait or are asked. */
  async close(): Promise<void> {
    const reason = new UpstreamUnavailable('Spotify', new Error('the service stops'));
    this.#closing.abort(reason);
    for (const flight of this.#flights.values()) flight.cancel(reason);
    await this.#line.drain();
  }

  async #ask(key: string, lookup: Lookup<unknown>, wait: WaitOptions): Promise<unknown> {
    this.#closing.signal.throwIfAborted();
    const now = this.#clock.now();
    if (this.#withdrawn.has(lookup.endpoint, now)) throw new SpotifyWithdrawn(lookup.endpoint);
    if (now < this.#refusedUntil) throw new SpotifyRefusesUs();
    const closedFor = this.#gate.closedFor(now);
    // With an older answer at hand nobody has to wait for the end of even a short penalty.
    if (closedFor > (this.#cache.last(key) ? 0 : wait.deadlineMs))
      throw new SpotifyPaused(closedFor);
    return this.#flight(key, lookup).wait(wait);
  }

  #flight(key: string, lookup: Lookup<unknown>): Flight<unknown> {
    const known = this.#flights.get(key);
    if (known && !known.signal.aborted) return known;
    const flight = new Flight<unknown>(this.#clock, async (it) => {
      try {
        // The callers' deadlines are known once the caller of this has returned.
        await Promise.resolve();
        return await this.#line.inTurn(it.signal, () => this.#fly(key, lookup, it));
      } finally {
        if (this.#flights.get(key) === it) this.#flights.delete(key);
      }
    });
    this.#flights.set(key, flight);
    return flight;
  }

  /** Holds the line from the first call to the answer, so nobody else calls between two tries. */
  async #fly(key: string, lookup: Lookup<unknown>, flight: Flight<unknown>): Promise<unknown> {
    let renewed = false;
    for (let limits = 0; ; ) {
      await this.#untilOpen(flight);
      const askedAt = this.#clock.now();
      const token = this.#token.current(askedAt);
      const verdict = await flight.onWire(() => this.#call(lookup, token));
      this.#options.onCall?.(verdict.kind);
      if (verdict.kind === 'limited') {
        const { ms, retry } = penaltyFor(verdict, limits);
        limits += 1;
        this.#gate.close(ms, this.#clock.now());
        await this.#shared.extend(ms);
        if (!retry || !flight.isWanted) throw new SpotifyPaused(ms);
      } else if (token === undefined) {
        this.#keepToken(verdict, askedAt);
      } else if (verdict.kind === 'unauthorized' && !renewed) {
        this.#token.drop();
        renewed = true;
      } else {
        return this.#answer(key, lookup, verdict);
      }
    }
  }

  /** Waits for spacing and penalties, those of the other replicas too; gives up if they outlast the deadline. */
  async #untilOpen(flight: Flight<unknown>): Promise<void> {
    for (;;) {
      flight.giveUpIfUnwanted();
      const now = this.#clock.now();
      const ms = this.#gate.opensIn(now);
      if (now + ms > flight.endsAt) {
        const closedFor = this.#gate.closedFor(now);
        throw closedFor > 0 ? new SpotifyPaused(closedFor) : new UpstreamTimeout('Spotify');
      }
      if (ms > 0) await this.#clock.sleep(ms, flight.signal);
      const left = await this.#shared.left();
      const after = this.#clock.now();
      this.#gate.close(left, after);
      flight.giveUpIfUnwanted();
      if (this.#gate.opensIn(after) === 0) return;
    }
  }

  async #call(lookup: Lookup<unknown>, token: string | undefined): Promise<Verdict> {
    const { hosts, credentials } = this.#options;
    const request =
      token === undefined ? tokenRequest(hosts, credentials) : apiRequest(hosts, lookup, token);
    const ended = new AbortController();
    const late = this.#clock.sleep(CALL_LIMIT_MS, ended.signal).then(() => ended.abort());
    late.catch(() => {});
    const signal = AbortSignal.any([ended.signal, this.#closing.signal]);
    try {
      const answering = this.#fetch(new Request(request, { signal, redirect: 'error' }));
      // Not before it: whatever holds a busy process up there would shorten the distance.
      this.#gate.started(this.#clock.now());
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

  #keepToken(verdict: Verdict, askedAt: number): void {
    const found = verdict.kind === 'good' ? tokenAnswer.safeParse(verdict.body) : undefined;
    if (found?.success) {
      this.#token.keep(found.data.access_token, found.data.expires_in * 1_000, askedAt);
    } else if (verdict.kind === 'failed') {
      throw new UpstreamUnavailable('Spotify', new Error('no access token'));
    } else if (verdict.kind === 'good' || verdict.kind === 'garbage') {
      throw new UpstreamGarbage('Spotify', new Error('no access token'));
    } else {
      throw this.#refused();
    }
  }

  #answer(key: string, lookup: Lookup<unknown>, verdict: Verdict): unknown {
    const { endpoint } = lookup;
    if (verdict.kind === 'good') {
      const read = lookup.answer.safeParse(verdict.body);
      if (!read.success) throw new UpstreamGarbage('Spotify', read.error);
      this.#cache.keep(key, read.data, this.#clock.now());
      return read.data;
    }
    if (verdict.kind === 'unauthorized') throw this.#refused();
    if (verdict.kind === 'gone') {
      this.#withdrawn.add(endpoint, this.#clock.now());
      this.#options.log.warn({ endpoint }, 'Spotify has withdrawn an endpoint');
      throw new SpotifyWithdrawn(endpoint);
    }
    const cause = new Error(`the answer is ${verdict.kind}`);
    throw verdict.kind === 'garbage'
      ? new UpstreamGarbage('Spotify', cause)
      : new UpstreamUnavailable('Spotify', cause);
  }

  /** Credentials do not become right by trying: they are left alone for a minute. */
  #refused(): SpotifyRefusesUs {
    this.#token.drop();
    this.#refusedUntil = this.#clock.now() + REFUSED_PAUSE_MS;
    return new SpotifyRefusesUs();
  }
}
