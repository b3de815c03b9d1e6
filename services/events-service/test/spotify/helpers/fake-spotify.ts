import { Secret } from '../../../../platform/src/secret.ts';
import { hostsOf } from '../../../../platform/src/spotify/hosts.ts';
import { silentLog } from '../../../../platform/test/helpers/service.ts';
import { FakeClock } from '../../../../platform/test/spotify/helpers/fake-clock.ts';
import type { SpotifyClientOptions } from '../../../src/spotify/client.ts';
import { SpotifyClient } from '../../../src/spotify/client.ts';

export interface Reply {
  readonly status: number;
  readonly retryAfter?: number;
  readonly body?: unknown;
  readonly ms?: number;
}

export interface Call {
  readonly at: number;
  readonly endedAt: number;
  readonly isToken: boolean;
  readonly url: string;
  readonly reply: Reply;
}

const GOOD: Reply = { status: 200, body: { artists: { items: [] } } };

/** Spotify in the test's own time: replies as told, first come first served, and good ones after that. */
export class FakeSpotify {
  readonly clock: FakeClock;
  readonly calls: Call[] = [];
  replies: Reply[] = [];
  tokenReplies: Reply[] = [];
  mostInFlight = 0;
  #inFlight = 0;
  #tokens = 0;

  constructor(clock = new FakeClock()) {
    this.clock = clock;
  }

  /** Of the API proper, without those for tokens. */
  get lookups(): readonly Call[] {
    return this.calls.filter(({ isToken }) => !isToken);
  }

  fetch = async (request: Request, { signal }: { signal: AbortSignal }): Promise<Response> => {
    const isToken = request.url.endsWith('/api/token');
    const reply = (isToken ? this.tokenReplies : this.replies).shift() ?? this.#good(isToken);
    const at = this.clock.now();
    this.#inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.#inFlight);
    try {
      await this.clock.sleep(reply.ms ?? 50, signal);
    } finally {
      this.#inFlight -= 1;
      this.calls.push({ at, endedAt: this.clock.now(), isToken, url: request.url, reply });
    }
    const { status, retryAfter, body = {} } = reply;
    const headers = new Headers(
      retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) },
    );
    return new Response(JSON.stringify(body), { status, headers });
  };

  client(options: Partial<SpotifyClientOptions> = {}): SpotifyClient {
    return new SpotifyClient({
      hosts: hostsOf(null),
      credentials: { clientId: 'id', clientSecret: new Secret('secret') },
      penalty: { left: async () => 0, extend: async () => {} },
      log: silentLog('spotify'),
      clock: this.clock,
      fetch: this.fetch,
      ...options,
    });
  }

  #good(isToken: boolean): Reply {
    if (!isToken) return GOOD;
    this.#tokens += 1;
    return { status: 200, body: { access_token: `token-${this.#tokens}`, expires_in: 3600 } };
  }
}
