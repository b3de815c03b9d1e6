import type { Role } from '../../src/caller.ts';
import { Secret } from '../../src/secret.ts';
import { createTokens } from '../../src/tokens.ts';

const secret = new Secret('only-for-tests-'.repeat(4));

/** The token settings of a service under test. */
export const testTokens = { secret };

/** The headers of a caller with this role. */
export const as = (role: Role, id = 1) => ({
  authorization: `Bearer ${createTokens(secret).sign({ id, role })}`,
});

export interface Sent {
  readonly status: number;
  readonly headers: Headers;
  readonly etag: string;
  /** The answer's body, as loosely as a test reads it. */
  readonly body: Record<string, unknown> & { readonly id: number; readonly code: string };
}

/** Sends requests as a program would, and reads what comes back. */
export const senderTo =
  (url: string) =>
  async (
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
    body?: unknown,
  ): Promise<Sent> => {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await fetch(url + path, {
      method,
      headers: { ...json, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      etag: answer.headers.get('etag') ?? '',
      body: text ? JSON.parse(text) : {},
    };
  };
