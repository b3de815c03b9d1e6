import {
  SpotifyPaused,
  SpotifyRefusesUs,
  SpotifyWithdrawn,
} from '@whatsthecraic/platform/spotify/errors';
import {
  apiRequest,
  type Credentials,
  type Hosts,
  tokenRequest,
} from '@whatsthecraic/platform/spotify/hosts';
import type { Verdict } from '@whatsthecraic/platform/spotify/judge-answer';
import { Wire, type WireOptions } from '@whatsthecraic/platform/spotify/wire';
import { UpstreamGarbage, UpstreamUnavailable } from '@whatsthecraic/platform/upstream/errors';
import { AnswerCache, type CacheCounts } from './answer-cache.ts';
import { Flight, type WaitOptions } from './flight.ts';
import { addressOf, type Lookup, tokenAnswer } from './requests.ts';
import { Token } from './token.ts';
import { Withdrawn } from './withdrawn.ts';

export interface SpotifyClientOptions extends WireOptions {
  readonly hosts: Hosts;
  readonly credentials: Credentials;
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

const REFUSED_PAUSE_MS = 60_000;

/** Asks Spotify one thing at a time, never faster than five in a second, and nothing twice in a day. */
export class SpotifyClient {
  readonly #options: SpotifyClientOptions;
  readonly #wire: Wire;
  readonly #cache = new AnswerCache();
  readonly #flights = new Map<string, Flight<unknown>>();
  readonly #token = new Token();
  readonly #withdrawn = new Withdrawn();
  #refusedUntil = 0;

  constructor(options: SpotifyClientOptions) {
    this.#options = options;
    this.#wire = new Wire(options);
  }

  /** The answer of the last 24 hours, or a new one, or an older one if there is nothing better. */
  async get<T>(lookup: Lookup<T>, wait: WaitOptions): Promise<Found<T>> {
    wait.signal?.throwIfAborted();
    const key = addressOf(lookup);
    const fresh = this.#cache.fresh(key, this.#wire.clock.now());
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
      ...this.#cache.counts(this.#wire.clock.now()),
      queueLength: this.#wire.line.waiting,
      isProcessing: this.#wire.line.isTaken,
    };
  }

  /** Milliseconds for which Spotify may not be asked, as far as this process knows. */
  closedForMs(): number {
    return this.#wire.gate.closedFor(this.#wire.clock.now());
  }

  sweep(): void {
    this.#cache.sweep(this.#wire.clock.now());
  }

  /** Takes no more questions and gives up those that wait or are asked. */
  async close(): Promise<void> {
    const reason = new UpstreamUnavailable('Spotify', new Error('the service stops'));
    this.#wire.close(reason);
    for (const flight of this.#flights.values()) flight.cancel(reason);
    await this.#wire.line.drain();
  }

  async #ask(key: string, lookup: Lookup<unknown>, wait: WaitOptions): Promise<unknown> {
    this.#wire.closing.throwIfAborted();
    const now = this.#wire.clock.now();
    if (this.#withdrawn.has(lookup.endpoint, now)) throw new SpotifyWithdrawn(lookup.endpoint);
    if (now < this.#refusedUntil) throw new SpotifyRefusesUs();
    const closedFor = this.#wire.gate.closedFor(now);
    // With an older answer at hand nobody has to wait for the end of even a short penalty.
    if (closedFor > (this.#cache.last(key) ? 0 : wait.deadlineMs))
      throw new SpotifyPaused(closedFor);
    return this.#flight(key, lookup).wait(wait);
  }

  #flight(key: string, lookup: Lookup<unknown>): Flight<unknown> {
    const known = this.#flights.get(key);
    if (known && !known.signal.aborted) return known;
    const flight = new Flight<unknown>(this.#wire.clock, async (it) => {
      try {
        // The callers' deadlines are known once the caller of this has returned.
        await Promise.resolve();
        return await this.#wire.line.inTurn(it.signal, () => this.#fly(key, lookup, it));
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
      await this.#wire.untilOpen(flight);
      const askedAt = this.#wire.clock.now();
      const token = this.#token.current(askedAt);
      const verdict = await flight.onWire(() => this.#wire.call(this.#request(lookup, token)));
      if (verdict.kind === 'limited') {
        const { ms, retry } = await this.#wire.punish(verdict, limits);
        limits += 1;
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

  #request(lookup: Lookup<unknown>, token: string | undefined): Request {
    const { hosts, credentials } = this.#options;
    return token === undefined
      ? tokenRequest(hosts, credentials, { grant_type: 'client_credentials' })
      : apiRequest(hosts, addressOf(lookup), token);
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
      this.#cache.keep(key, read.data, this.#wire.clock.now());
      return read.data;
    }
    if (verdict.kind === 'unauthorized') throw this.#refused();
    if (verdict.kind === 'gone') {
      this.#withdrawn.add(endpoint, this.#wire.clock.now());
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
    this.#refusedUntil = this.#wire.clock.now() + REFUSED_PAUSE_MS;
    return new SpotifyRefusesUs();
  }
}
