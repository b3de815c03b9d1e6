import { createSecretKey, randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import { type Caller, ROLES } from './caller.ts';
import { Unauthorized } from './errors.ts';
import type { Secret } from './secret.ts';

export const TOKEN_LIFE_SECONDS = 900;
const ISSUER = 'whatsthecraic';
const AUDIENCE = 'whatsthecraic-api';
const TYPE = 'at+jwt';

const claims = z.object({ sub: z.string().regex(/^[1-9]\d{0,15}$/), role: z.enum(ROLES) });

export interface Tokens {
  /** An access token after RFC 9068, valid for `TOKEN_LIFE_SECONDS`. */
  sign(caller: Caller): string;
  /** Whose token it is; throws `Unauthorized` unless every check holds. */
  verify(token: string): Caller;
}

export function createTokens(secret: Secret, now: () => number = Date.now): Tokens {
  // With a string, jsonwebtoken tries to parse a public key on each call: 25 times the cost.
  const key = createSecretKey(Buffer.from(secret.reveal()));
  const seconds = () => Math.floor(now() / 1000);

  return {
    sign({ id, role }) {
      const payload = { role, iat: seconds(), exp: seconds() + TOKEN_LIFE_SECONDS };
      return jwt.sign(payload, key, {
        algorithm: 'HS256',
        header: { alg: 'HS256', typ: TYPE },
        issuer: ISSUER,
        audience: AUDIENCE,
        subject: String(id),
        jwtid: randomUUID(),
      });
    },
    verify(token) {
      const { header, payload } = checkToken(token, key, seconds());
      const known = claims.safeParse(payload);
      // A token of another kind (an OAuth state, a refresh token) must not open anything here.
      if (header.typ !== TYPE || !known.success) throw invalidToken();
      return { id: Number(known.data.sub), role: known.data.role };
    },
  };
}

function checkToken(
  token: string,
  key: ReturnType<typeof createSecretKey>,
  clockTimestamp: number,
) {
  try {
    return jwt.verify(token, key, {
      algorithms: ['HS256'],
      issuer: ISSUER,
      audience: AUDIENCE,
      clockTolerance: 5,
      clockTimestamp,
      complete: true,
    });
  } catch (error) {
    if (error instanceof jwt.TokenExpiredError) {
      throw new Unauthorized('token_expired', 'the access token has expired');
    }
    throw invalidToken();
  }
}

const invalidToken = () => new Unauthorized('invalid_token', 'the access token is not valid');
