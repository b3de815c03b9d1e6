import type { Secret } from '../secret.ts';

/** What an app at Spotify proves itself by. */
export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: Secret;
}

export interface Hosts {
  readonly accounts: string;
  readonly api: string;
}

/** Their own hosts, or those of the server that stands in for all paid APIs. */
export const hostsOf = (sourcesUrl: string | null): Hosts =>
  sourcesUrl === null
    ? { accounts: 'https://accounts.spotify.com', api: 'https://api.spotify.com' }
    : {
        accounts: `${trimmed(sourcesUrl)}/spotify/accounts`,
        api: `${trimmed(sourcesUrl)}/spotify/api`,
      };

const trimmed = (url: string) => url.replace(/\/+$/, '');

/** A request for a token, in the app's own name: https://developer.spotify.com/documentation/web-api/concepts/authorization */
export function tokenRequest(
  { accounts }: Hosts,
  { clientId, clientSecret }: Credentials,
  form: Readonly<Record<string, string>>,
): Request {
  const pair = Buffer.from(`${clientId}:${clientSecret.reveal()}`).toString('base64');
  return new Request(`${accounts}/api/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${pair}` },
    body: new URLSearchParams(form),
  });
}

/** A question in the name of whoever the token belongs to; the path begins with `/v1/`. */
export const apiRequest = ({ api }: Hosts, path: string, token: string): Request =>
  new Request(api + path, { headers: { authorization: `Bearer ${token}` } });
