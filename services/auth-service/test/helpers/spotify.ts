import type { ExecutionContext } from 'ava';
import { createSourcesServer, type SourcesServer } from '../../../../local/sources/server.ts';
import { createSpotify, type SpotifyStandIn } from '../../../../local/sources/spotify/index.ts';
import type { TestDatabase } from '../../../platform/test/helpers/database.ts';
import { type AuthUnderTest, startAuth } from './auth.ts';
import { withSpotify } from './spotify-config.ts';

export interface SpotifyUnderTest {
  readonly standIn: SpotifyStandIn;
  readonly sources: SourcesServer;
  readonly url: string;
}

/** A stand-in of Spotify, with its limits and errors, for one test. */
export async function startSpotify(
  t: ExecutionContext,
  options: Parameters<typeof createSpotify>[0] = {},
): Promise<SpotifyUnderTest> {
  const standIn = createSpotify(options);
  const sources = createSourcesServer([standIn]);
  const url = await sources.listen();
  t.teardown(() => sources.close());
  return { standIn, sources, url };
}

interface StartOptions {
  readonly spotify: SpotifyUnderTest;
  readonly now?: () => number;
  readonly keys?: Parameters<typeof withSpotify>[1];
}

/** An auth-service with an app at that Spotify. */
export const startLinking = (
  t: ExecutionContext,
  database: TestDatabase,
  { spotify, now, keys }: StartOptions,
): Promise<AuthUnderTest> =>
  startAuth(t, database, {
    config: withSpotify(spotify.url, keys),
    ...(now ? { now } : {}),
  });

/** A browser as far as this concerns it: one cookie, and redirects followed by hand. */
export class TestBrowser {
  readonly #auth: AuthUnderTest;
  cookie = '';

  constructor(auth: AuthUnderTest) {
    this.#auth = auth;
  }

  /** Begins, and gives back the address at Spotify. */
  async begin(token: string): Promise<URL> {
    const path = '/auth/spotify/authorization';
    const headers = this.cookie ? { cookie: this.cookie } : {};
    const { body, headers: told } = await this.#auth.ask('POST', path, { token, headers });
    this.cookie = told.get('set-cookie')?.split(';')[0] ?? this.cookie;
    return new URL(body.url);
  }

  /** Says yes (or no) there; gives back where Spotify sends the browser. */
  async decide(at: URL, listener: string | undefined): Promise<URL> {
    const decision = new URL(at);
    decision.pathname += '/decision';
    decision.searchParams.set('decision', listener === undefined ? 'cancel' : 'agree');
    decision.searchParams.set('listener', listener ?? '');
    const answer = await fetch(decision, { redirect: 'manual' });
    return new URL(answer.headers.get('location') ?? '');
  }

  /** Comes back, and gives back the code of the page that it ends at. */
  async comeBack(back: URL): Promise<string | null> {
    const path = `/auth/spotify/callback${back.search}`;
    const { status, headers } = await this.#auth.ask('GET', path, {
      headers: { cookie: this.cookie },
    });
    const page = new URL(headers.get('location') ?? 'http://nowhere');
    return status === 303 && page.pathname === '/account/spotify'
      ? page.searchParams.get('code')
      : null;
  }

  /** All the way. */
  async link(token: string, listener: string): Promise<string | null> {
    return this.comeBack(await this.decide(await this.begin(token), listener));
  }
}
