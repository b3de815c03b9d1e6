import { createHash, randomBytes } from 'node:crypto';
import type { Call, Reply } from '../stand-in.ts';
import { consentPage } from './consent-page.ts';
import type { Listener } from './listeners.ts';

export interface Access {
  readonly expiresAt: number;
  /** Nobody: the app's own. */
  readonly listener: Listener | undefined;
  readonly scopes: readonly string[];
}

interface Code {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly scopes: readonly string[];
  readonly listener: Listener;
  readonly expiresAt: number;
}

interface Grant {
  readonly clientId: string;
  readonly listener: Listener;
  readonly scopes: readonly string[];
}

export interface AccountsOptions {
  readonly listeners: readonly Listener[];
  readonly tokenSeconds: number;
  /** Whether each refresh replaces the refresh token, as it is with PKCE. */
  readonly rotates: boolean;
}

const CODE_MS = 10 * 60_000;
/** All that an app may ask for here; it is refused as a whole for a word that there is not. */
const SCOPES = ['user-top-read', 'user-read-private', 'user-read-email', 'user-follow-read'];

/**
 * accounts.spotify.com: codes with PKCE, refresh tokens that are used once, tokens of an app.
 * https://developer.spotify.com/documentation/web-api/tutorials/code-pkce-flow
 */
export class Accounts {
  readonly #options: AccountsOptions;
  readonly #codes = new Map<string, Code>();
  readonly #grants = new Map<string, Grant>();
  readonly #access = new Map<string, Access>();

  constructor(options: AccountsOptions) {
    this.#options = options;
  }

  access(token: string): Access | undefined {
    return this.#access.get(token);
  }

  /** Somebody takes their permission back, on Spotify's own page. */
  revoke(listener: Listener): void {
    for (const [token, grant] of this.#grants) {
      if (grant.listener === listener) this.#grants.delete(token);
    }
  }

  answer(call: Call): Reply {
    if (call.path === '/accounts/authorize') return this.#ask(call);
    if (call.path === '/accounts/authorize/decision') return this.#decide(call);
    if (call.path === '/accounts/api/token' && call.method === 'POST') return this.#grant(call);
    return { status: 404, body: 'Not found.' };
  }

  #ask({ query }: Call): Reply {
    const wrong = wrongIn(query);
    if (wrong) return { status: 400, body: wrong };
    const headers = { 'content-type': 'text/html;charset=utf-8' };
    return { status: 200, headers, body: consentPage(query, this.#options.listeners) };
  }

  #decide({ query, now }: Call): Reply {
    const wrong = wrongIn(query);
    if (wrong) return { status: 400, body: wrong };
    const back = new URL(query.get('redirect_uri') ?? '');
    const state = query.get('state');
    if (state !== null) back.searchParams.set('state', state);
    const listener = this.#options.listeners.find(({ id }) => id === query.get('listener'));
    if (query.get('decision') === 'agree' && listener) {
      const code = `AQ${randomBytes(48).toString('base64url')}`;
      this.#codes.set(code, {
        clientId: query.get('client_id') ?? '',
        redirectUri: query.get('redirect_uri') ?? '',
        challenge: query.get('code_challenge') ?? '',
        scopes: (query.get('scope') ?? '').split(' ').filter(Boolean),
        listener,
        expiresAt: now + CODE_MS,
      });
      back.searchParams.set('code', code);
    } else {
      back.searchParams.set('error', 'access_denied');
    }
    return { status: 302, headers: { location: back.href } };
  }

  #grant(call: Call): Reply {
    const form = new URLSearchParams(call.body);
    const clientId = clientOf(call, form);
    if (clientId === undefined) return deny('invalid_client', 'Invalid client secret');
    const type = form.get('grant_type');
    if (type === 'client_credentials') return this.#give(call.now, undefined, []);
    if (type === 'authorization_code') return this.#exchange(clientId, form, call.now);
    if (type === 'refresh_token') return this.#refresh(clientId, form, call.now);
    return deny('unsupported_grant_type', 'grant_type parameter is missing');
  }

  #exchange(clientId: string, form: URLSearchParams, now: number): Reply {
    const text = form.get('code') ?? '';
    const code = this.#codes.get(text);
    // Once, whatever comes of it.
    this.#codes.delete(text);
    if (!code || code.expiresAt <= now || code.clientId !== clientId) {
      return deny('invalid_grant', 'Invalid authorization code');
    }
    if (code.redirectUri !== form.get('redirect_uri')) {
      return deny('invalid_grant', 'Invalid redirect URI');
    }
    const proof = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (code.challenge !== '' && proof !== code.challenge) {
      return deny('invalid_grant', 'code_verifier was incorrect');
    }
    const { listener, scopes } = code;
    return this.#give(now, this.#newRefresh({ clientId, listener, scopes }), scopes, listener);
  }

  #refresh(clientId: string, form: URLSearchParams, now: number): Reply {
    const text = form.get('refresh_token') ?? '';
    const grant = this.#grants.get(text);
    if (!grant) return deny('invalid_grant', 'Refresh token revoked');
    if (grant.clientId !== clientId) return deny('invalid_grant', 'Invalid refresh token');
    const { listener, scopes } = grant;
    if (!this.#options.rotates) return this.#give(now, undefined, scopes, listener);
    this.#grants.delete(text);
    return this.#give(now, this.#newRefresh(grant), scopes, listener);
  }

  #newRefresh(grant: Grant): string {
    const token = `AQ${randomBytes(64).toString('base64url')}`;
    this.#grants.set(token, grant);
    return token;
  }

  #give(
    now: number,
    refresh: string | undefined,
    scopes: readonly string[],
    listener?: Listener,
  ): Reply {
    const token = `BQ${randomBytes(48).toString('base64url')}`;
    const { tokenSeconds } = this.#options;
    this.#access.set(token, { expiresAt: now + tokenSeconds * 1_000, listener, scopes });
    const body = {
      access_token: token,
      token_type: 'Bearer',
      expires_in: tokenSeconds,
      ...(listener ? { scope: scopes.join(' ') } : {}),
      ...(refresh ? { refresh_token: refresh } : {}),
    };
    return { status: 200, body };
  }
}

/** What Spotify's page says of a request that it does not even show. */
function wrongIn(query: URLSearchParams): string | undefined {
  if (!query.get('client_id')) return 'client_id: Not present';
  if (query.get('response_type') !== 'code') return 'response_type must be code or token';
  const redirect = URL.parse(query.get('redirect_uri') ?? '');
  // Since 2025 no name but an address stands for one's own machine.
  const isSafe =
    redirect?.protocol === 'https:' ||
    (redirect?.protocol === 'http:' && /^(?:127\.\d+\.\d+\.\d+|\[::1\])$/.test(redirect.hostname));
  if (!isSafe) return 'INVALID_CLIENT: Insecure redirect URI';
  const method = query.get('code_challenge_method');
  if (method !== null && method !== 'S256') return 'code_challenge_method must be S256';
  if (method !== null && !/^[\w-]{43}$/.test(query.get('code_challenge') ?? '')) {
    return 'code_challenge must be a base64url encoded SHA-256';
  }
  const scopes = (query.get('scope') ?? '').split(' ').filter(Boolean);
  return scopes.every((scope) => SCOPES.includes(scope))
    ? undefined
    : 'INVALID_SCOPE: Invalid scope';
}

/** A confidential app proves itself by its secret, a public one says who it is. */
function clientOf({ headers }: Call, form: URLSearchParams): string | undefined {
  const [, pair] = /^Basic (.+)$/.exec(String(headers.authorization ?? '')) ?? [];
  if (pair === undefined) return form.get('client_id') || undefined;
  const [id, secret] = Buffer.from(pair, 'base64').toString('utf8').split(':');
  return id && secret && secret !== 'wrong' ? id : undefined;
}

/** RFC 6749 §5.2, as accounts.spotify.com has it. */
const deny = (error: string, error_description: string): Reply => ({
  status: 400,
  body: { error, error_description },
});
