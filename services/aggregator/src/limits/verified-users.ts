import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';

/** Which user a token belongs to, learnt from those who can tell. */
export interface VerifiedUsers {
  /** The user of a token that a service has accepted; `undefined` for any other word. */
  userOf(authorization: string | undefined): number | undefined;
  /** A service that checks tokens has answered a request with this one. */
  learn(authorization: string | undefined, status: number): void;
}

const MOST_TOKENS = 20_000;
/** As long as a token lives. */
const TOKEN_LIFE_MS = 900_000;
const claims = z.object({ sub: z.string().regex(/^[1-9]\d{0,15}$/) });

/**
 * The gateway has no key and wants none: a token counts for its user once the service behind has taken
 * it, until one refuses it. Before that, and for every made-up word, the address counts.
 */
export function createVerifiedUsers(): VerifiedUsers {
  const users = new LRUCache<string, number>({ max: MOST_TOKENS, ttl: TOKEN_LIFE_MS });

  return {
    userOf: (authorization) =>
      authorization === undefined ? undefined : users.get(digest(authorization)),
    learn(authorization, status) {
      if (authorization === undefined) return;
      if (status === 401) users.delete(digest(authorization));
      // A refusal for want of a role is one of a user who is known.
      else if (status < 500) {
        const user = subjectOf(authorization);
        if (user !== undefined) users.set(digest(authorization), user);
      }
    },
  };
}

const digest = (text: string) => createHash('sha256').update(text).digest('base64url');

function subjectOf(authorization: string): number | undefined {
  const [, payload = ''] = authorization.split('.');
  try {
    const told = claims.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
    return told.success ? Number(told.data.sub) : undefined;
  } catch {
    return undefined;
  }
}
