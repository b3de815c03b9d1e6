import type { Database } from '@whatsthecraic/platform/database';
import { HttpError } from '@whatsthecraic/platform/errors';
import type { Log } from '@whatsthecraic/platform/log';
import type { Throttle } from '@whatsthecraic/platform/throttle';
import type { LinkOutcome } from '../contract/spotify.ts';
import { spotifyLinkCharges } from '../domain/limits.ts';
import { hashSecret } from '../domain/refresh-token.ts';
import { noteEvent } from '../store/account-events.ts';
import {
  type Attempt,
  findAttempt,
  forgetAttempts,
  holdAttempt,
  noteAttempt,
  takeAttempt,
} from '../store/spotify-attempts.ts';
import { keepLink, removeLink } from '../store/spotify-links.ts';
import { authorizationUrl, isRandomWord, randomWord } from './authorization.ts';
import { AccessRefused, GrantRefused } from './errors.ts';
import type { SpotifySetup } from './setup.ts';
import type { UserTokens } from './token-box.ts';
import type { Profile } from './users.ts';

export const ATTEMPT_MS = 10 * 60_000;
/** Both questions to Spotify together: the gateway and the browser wait no longer than 8 s. */
const LONGEST_MS = 5_500;

export interface Begun {
  readonly url: string;
  readonly browser: string;
  readonly expiresAt: Date;
}

export interface Returned {
  readonly state?: string | undefined;
  readonly code?: string | undefined;
  readonly error?: string | undefined;
  /** What the browser bears. */
  readonly browser: string | undefined;
}

export interface SpotifyLinking {
  /** `browser` is what this browser bears already: two tabs share it. */
  begin(
    caller: { readonly id: number; readonly sessionId?: string },
    browser: string | undefined,
  ): Promise<Begun>;
  finish(returned: Returned): Promise<LinkOutcome>;
}

export interface SpotifyLinkingOptions {
  readonly database: Database;
  readonly throttle: Throttle;
  readonly setup: SpotifySetup;
  readonly log: Log;
  readonly now: () => number;
}

export function createSpotifyLinking(options: SpotifyLinkingOptions): SpotifyLinking {
  const { database, throttle, setup, log, now } = options;
  const { users, box, hosts, credentials, redirectUri, clock } = setup;

  async function ask(code: string, verifier: string): Promise<[UserTokens, Profile]> {
    const endsAt = clock.now() + LONGEST_MS;
    const tokens = await users.exchange(code, verifier, LONGEST_MS);
    return [tokens, await users.profile(tokens, endsAt - clock.now())];
  }

  async function link(state: string, { userId }: Attempt, tokens: UserTokens, profile: Profile) {
    const { id: spotifyId, name: displayName } = profile;
    const sealed = box.seal(tokens, { userId, spotifyId });
    return database.transaction(async (queries): Promise<LinkOutcome> => {
      if (!(await holdAttempt(queries, state))) return 'link_withdrawn';
      const at = new Date(now());
      const kept = await keepLink(queries, { userId, spotifyId, displayName, tokens: sealed, at });
      if (kept === 'taken') return 'spotify_account_taken';
      if (kept === 'other') return 'other_account_linked';
      // Without the account's name: whoever takes the link off leaves none of it behind.
      await noteEvent(queries, { userId, actorId: userId, what: 'spotify_linked', at });
      return 'linked';
    });
  }

  return {
    async begin({ id: userId, sessionId = '' }, known) {
      await throttle.charge(spotifyLinkCharges(userId));
      const [state, verifier, browser] = [randomWord(), randomWord(), known ?? randomWord()];
      const expiresAt = new Date(now() + ATTEMPT_MS);
      await noteAttempt(database, { state, browser, userId, sessionId, verifier, expiresAt });
      const { clientId } = credentials;
      const { accounts } = hosts;
      const url = authorizationUrl({ accounts, clientId, redirectUri, state, verifier });
      return { url, browser, expiresAt };
    },

    async finish({ state = '', code, error, browser = '' }) {
      if (!isRandomWord(state)) return 'state_unknown';
      const at = new Date(now());
      const attempt = await findAttempt(database, state, at);
      const refusal = whyNot(attempt, browser, at);
      if (!attempt || refusal) return refusal ?? 'state_unknown';
      if (!(await takeAttempt(database, state, at))) return 'state_used';
      if (error === 'access_denied') return 'access_denied';
      if (!code || error) return 'spotify_refuses';
      try {
        return await link(state, attempt, ...(await ask(code, attempt.verifier)));
      } catch (failure) {
        log.warn({ err: failure, userId: attempt.userId }, 'Spotify was not linked');
        return outcomeOf(failure);
      }
    },
  };
}

/** Why a browser that comes back may not go on; it uses nothing up, since the right one may still come. */
function whyNot(attempt: Attempt | undefined, browser: string, at: Date): LinkOutcome | undefined {
  if (!attempt) return 'state_unknown';
  if (!attempt.browserHash.equals(hashSecret(browser))) return 'other_browser';
  if (attempt.usedAt) return 'state_used';
  if (attempt.expiresAt <= at) return 'state_expired';
  return attempt.isSessionLive ? undefined : 'session_ended';
}

const OUTCOMES: Readonly<Record<string, LinkOutcome>> = {
  spotify_refuses_us: 'spotify_refuses',
  // In development mode an app has a list of its users: https://developer.spotify.com/documentation/web-api/concepts/quota-modes
  spotify_withdrawn: 'spotify_user_not_allowed',
  spotify_paused: 'spotify_away',
  upstream_unavailable: 'spotify_away',
  upstream_timeout: 'spotify_away',
  upstream_garbage: 'spotify_away',
  upstream_busy: 'spotify_away',
};

/** A failure in the words of the page that the browser is led to: nobody is left with raw JSON. */
export function outcomeOf(failure: unknown): LinkOutcome {
  if (failure instanceof GrantRefused) return 'code_refused';
  if (failure instanceof AccessRefused) return 'spotify_refuses';
  return (failure instanceof HttpError && OUTCOMES[failure.code]) || 'site_away';
}

/** Takes a link off, whatever is under way; again it does nothing. */
export const unlink = (database: Database, userId: number, at: Date): Promise<void> =>
  database.transaction(async (queries) => {
    await forgetAttempts(queries, userId);
    if (!(await removeLink(queries, userId))) return;
    await noteEvent(queries, { userId, actorId: userId, what: 'spotify_unlinked', at });
  });
