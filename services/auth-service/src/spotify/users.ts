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
import type { Wire } from '@whatsthecraic/platform/spotify/wire';
import { UpstreamGarbage, UpstreamUnavailable } from '@whatsthecraic/platform/upstream/errors';
import { z } from 'zod';
import { AccessRefused, GrantRefused } from './errors.ts';
import { type Taste, topArtists } from './taste.ts';
import type { UserTokens } from './token-box.ts';

export interface Profile {
  readonly id: string;
  readonly name: string | null;
}

export interface SpotifyUsersOptions {
  readonly hosts: Hosts;
  readonly credentials: Credentials;
  readonly wire: Wire;
  readonly redirectUri: string;
  readonly now: () => number;
}

/** What Spotify is asked in the name of a person; every wait ends at the deadline. */
export interface SpotifyUsers {
  exchange(code: string, verifier: string, deadlineMs: number): Promise<UserTokens>;
  refresh(tokens: UserTokens, deadlineMs: number): Promise<UserTokens>;
  profile(tokens: UserTokens, deadlineMs: number): Promise<Profile>;
  taste(tokens: UserTokens, deadlineMs: number): Promise<Taste>;
}

const grant = z.object({
  access_token: z.string().min(1).max(2048),
  refresh_token: z.string().min(1).max(2048).optional(),
  expires_in: z.number().positive(),
});

const profile = z
  .object({ id: z.string().min(1).max(128), display_name: z.string().nullish() })
  .transform(
    ({ id, display_name }): Profile => ({
      id,
      name: display_name?.trim().slice(0, 255) || null,
    }),
  );

const refusal = z.object({ error: z.string() });

export function createSpotifyUsers(options: SpotifyUsersOptions): SpotifyUsers {
  const { hosts, credentials, wire, redirectUri, now } = options;

  async function ask<S extends z.ZodType>(
    endpoint: string,
    request: Request,
    answer: S,
    deadlineMs: number,
  ): Promise<z.output<S>> {
    const endsAt = wire.clock.now() + deadlineMs;
    const signal = wire.closing;
    const giveUpIfUnwanted = () => signal.throwIfAborted();
    giveUpIfUnwanted();
    const verdict = await wire.line.inTurn(signal, async () => {
      await wire.untilOpen({ endsAt, signal, giveUpIfUnwanted });
      return wire.call(request, endsAt - wire.clock.now());
    });
    if (verdict.kind === 'limited') throw new SpotifyPaused((await wire.punish(verdict, 0)).ms);
    return read(endpoint, verdict, answer);
  }

  async function askForTokens(
    form: Readonly<Record<string, string>>,
    deadlineMs: number,
    known?: UserTokens,
  ): Promise<UserTokens> {
    const askedAt = now();
    const request = tokenRequest(hosts, credentials, form);
    const granted = await ask('token', request, grant, deadlineMs);
    // A refresh token that is not replaced stays good: RFC 6749 §6.
    const refresh = granted.refresh_token ?? known?.refresh;
    if (!refresh) throw new UpstreamGarbage('Spotify', new Error('no refresh token'));
    const accessEndsAt = askedAt + granted.expires_in * 1_000;
    return { access: granted.access_token, refresh, accessEndsAt };
  }

  return {
    exchange: (code, verifier, deadlineMs) =>
      askForTokens(
        {
          grant_type: 'authorization_code',
          code,
          redirect_uri: redirectUri,
          code_verifier: verifier,
        },
        deadlineMs,
      ),
    refresh: (tokens, deadlineMs) =>
      askForTokens(
        { grant_type: 'refresh_token', refresh_token: tokens.refresh },
        deadlineMs,
        tokens,
      ),
    profile: ({ access }, deadlineMs) =>
      ask('me', apiRequest(hosts, '/v1/me', access), profile, deadlineMs),
    taste: ({ access }, deadlineMs) => {
      const path = '/v1/me/top/artists?time_range=medium_term&limit=50';
      return ask('me/top/artists', apiRequest(hosts, path, access), topArtists, deadlineMs);
    },
  };
}

/** What Spotify says, or why there is nothing; none of its 401s and 403s becomes ours. */
function read<S extends z.ZodType>(endpoint: string, verdict: Verdict, answer: S): z.output<S> {
  if (verdict.kind === 'good') {
    const found = answer.safeParse(verdict.body);
    if (found.success) return found.data;
    throw new UpstreamGarbage('Spotify', found.error);
  }
  if (verdict.kind === 'garbage') throw new UpstreamGarbage('Spotify', new Error('no JSON'));
  if (verdict.kind === 'gone') throw new SpotifyWithdrawn(endpoint);
  if (verdict.kind === 'unauthorized') {
    throw endpoint === 'token' ? new SpotifyRefusesUs() : new AccessRefused(endpoint);
  }
  if (verdict.kind === 'rejected' && endpoint === 'token') {
    const { data } = refusal.safeParse(verdict.body);
    if (data?.error === 'invalid_grant') throw new GrantRefused(data.error);
    if (data?.error === 'invalid_client') throw new SpotifyRefusesUs();
  }
  throw new UpstreamUnavailable('Spotify', new Error(`the answer is ${verdict.kind}`));
}
