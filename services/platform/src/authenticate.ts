import type { Request } from 'express';
import type { Caller } from './caller.ts';
import { Forbidden, Unauthorized } from './errors.ts';
import type { Auth } from './route.ts';

/** Whose token it is; throws `Unauthorized` when it is nobody’s. */
export type VerifyToken = (token: string) => Caller | Promise<Caller>;

/** Who calls, if the route asks; throws when it may not be answered. */
export async function authenticate(
  req: Request,
  auth: Auth,
  verify: VerifyToken | undefined,
): Promise<Caller | undefined> {
  if (auth === 'public' || !verify) return undefined;
  const header = req.headers.authorization;
  if (header === undefined) {
    if (auth === 'optional') return undefined;
    throw new Unauthorized('missing_token', 'send the header Authorization: Bearer <access token>');
  }
  const caller = await verify(bearerToken(header));
  if (typeof auth !== 'string' && !auth.includes(caller.role)) {
    throw new Forbidden(`this needs the role ${auth.join(' or ')}`);
  }
  return caller;
}

function bearerToken(header: string): string {
  const [, token] = /^Bearer ([\w.~+/=-]{1,4096})$/i.exec(header) ?? [];
  if (!token)
    throw new Unauthorized('invalid_token', 'expected Authorization: Bearer <access token>');
  return token;
}
