import type { Secret } from '@whatsthecraic/platform/secret';
import { z } from 'zod';

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: Secret;
}

export interface Hosts {
  readonly accounts: string;
  readonly api: string;
}

/** One question to Spotify: what it is called, where it is asked, and what is kept of the answer. */
export interface Lookup<T> {
  /** What Spotify may withdraw as a whole. */
  readonly endpoint: string;
  /** Below `/v1/`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly answer: z.ZodType<T>;
}

/** https://developer.spotify.com/documentation/web-api/tutorials/client-credentials-flow */
export const tokenAnswer = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
});

/** Their own hosts, or those of the server that stands in for all paid APIs. */
export const hostsOf = (sourcesUrl: string | null): Hosts =>
  sourcesUrl === null
    ? { accounts: 'https://accounts.spotify.com', api: 'https://api.spotify.com' }
    : {
        accounts: `${trimmed(sourcesUrl)}/spotify/accounts`,
        api: `${trimmed(sourcesUrl)}/spotify/api`,
      };

const trimmed = (url: string) => url.replace(/\/+$/, '');

/** The same for every spelling of the same lookup. */
export function addressOf({ path, query }: Lookup<unknown>): string {
  const sorted = new URLSearchParams(query);
  sorted.sort();
  return `/v1/${path}?${sorted}`;
}

export const apiRequest = (hosts: Hosts, lookup: Lookup<unknown>, token: string) =>
  new Request(hosts.api + addressOf(lookup), { headers: { authorization: `Bearer ${token}` } });

export function tokenRequest(hosts: Hosts, { clientId, clientSecret }: Credentials): Request {
  const pair = Buffer.from(`${clientId}:${clientSecret.reveal()}`).toString('base64');
  return new Request(`${hosts.accounts}/api/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${pair}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
}
