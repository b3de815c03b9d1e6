import { AwsError } from './errors.ts';

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

/** One page of a list; the token is opaque to the caller and made of where the next page begins. */
export function page<T>(all: readonly T[], size: number, token: string | undefined): Page<T> {
  const from = token === undefined ? 0 : position(token);
  const items = all.slice(from, from + size);
  const next = from + size;
  if (next >= all.length) return { items };
  return { items, nextToken: Buffer.from(`from:${next}`).toString('base64url') };
}

function position(token: string): number {
  const match = /^from:(\d+)$/.exec(Buffer.from(token, 'base64url').toString('utf8'));
  if (!match) throw new AwsError('InvalidNextToken', 'The specified token is not valid.');
  return Number(match[1]);
}
