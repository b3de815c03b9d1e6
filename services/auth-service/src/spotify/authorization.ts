import { createHash, randomBytes } from 'node:crypto';

/** Their tops are all that is asked for: who somebody is needs no scope. */
const SCOPE = 'user-top-read';

/** A word that nobody guesses: 256 bits, and of the form that RFC 7636 §4.1 wants of a verifier. */
export const randomWord = (): string => randomBytes(32).toString('base64url');

export const isRandomWord = (text: string): boolean => /^[\w-]{43}$/.test(text);

/** RFC 7636 §4.2, S256. */
export const challengeOf = (verifier: string): string =>
  createHash('sha256').update(verifier).digest('base64url');

export interface AuthorizationRequest {
  readonly accounts: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly verifier: string;
}

/** Where a browser is sent: https://developer.spotify.com/documentation/web-api/tutorials/code-pkce-flow */
export function authorizationUrl(request: AuthorizationRequest): string {
  const { accounts, clientId, redirectUri, state, verifier } = request;
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    scope: SCOPE,
    redirect_uri: redirectUri,
    state,
    code_challenge_method: 'S256',
    code_challenge: challengeOf(verifier),
  });
  return `${accounts}/authorize?${query}`;
}
