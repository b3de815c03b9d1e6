import { z } from 'zod';

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

/** The same for every spelling of the same lookup. */
export function addressOf({ path, query }: Lookup<unknown>): string {
  const sorted = new URLSearchParams(query);
  sorted.sort();
  return `/v1/${path}?${sorted}`;
}
