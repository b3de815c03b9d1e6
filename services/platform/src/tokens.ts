import { randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import { type Caller, ROLES } from './caller.ts';
import { Unauthorized } from './errors.ts';
import { Secret } from './secret.ts';
import {
  createTokenKeys,
  createVerifyingKeys,
  type TokenConfig,
  type TokenKeys,
  type VerifierConfig,
  type VerifyingKeys,
} from './token-keys.ts';

export const TOKEN_LIFE_SECONDS = 900;
const ISSUER = 'whatsthecraic';
const AUDIENCE = 'whatsthecraic-api';
const TYPE = 'at+jwt';

const claims = z.object({
  sub: z.string().regex(/^[1-9]\d{0,15}$/),
  role: z.enum(ROLES),
  sid: z.string().max(64).optional(),
});

export interface Verifier {
  /** Whose token it is; throws `Unauthorized` unless every check holds. */
  verify(token: string): Caller;
}

export interface Tokens extends Verifier {
  /** An access token after RFC 9068, valid for `TOKEN_LIFE_SECONDS`. */
  sign(caller: Caller): string;
  /** RFC 7517: the public keys, none with a shared secret. */
  readonly jwks: TokenKeys['jwks'];
}

export function createTokens(config: TokenConfig | Secret, now: () => number = Date.now): Tokens {
  const keys = createTokenKeys(config instanceof Secret ? { secret: config } : config);
  return {
    jwks: keys.jwks,
    sign({ id, role, sessionId }) {
      const { algorithm, key, id: kid } = keys.signing;
      const sid = sessionId === undefined ? {} : { sid: sessionId };
      const iat = Math.floor(now() / 1000);
      const payload = { role, ...sid, iat, exp: iat + TOKEN_LIFE_SECONDS };
      return jwt.sign(payload, key, {
        algorithm,
        header: { alg: algorithm, typ: TYPE, ...(kid ? { kid } : {}) },
        issuer: ISSUER,
        audience: AUDIENCE,
        subject: String(id),
        jwtid: randomUUID(),
      });
    },
    verify: createVerify(keys.verifying, now),
  };
}

/** For a service that takes tokens and makes none. */
export const createVerifier = (config: VerifierConfig): Verifier => ({
  verify: createVerify(createVerifyingKeys(config), Date.now),
});

function createVerify(keys: VerifyingKeys, now: () => number): Verifier['verify'] {
  return function verify(token) {
    const { header, payload } = checkToken(token, keys, Math.floor(now() / 1000));
    const known = claims.safeParse(payload);
    // A token of another kind (an OAuth state, a refresh token) must not open anything here.
    if (header.typ !== TYPE || !known.success) throw invalidToken();
    const { sub, role, sid } = known.data;
    return { id: Number(sub), role, ...(sid === undefined ? {} : { sessionId: sid }) };
  };
}

function checkToken(token: string, keys: VerifyingKeys, clockTimestamp: number) {
  // The id only chooses among our own keys, and with it the one algorithm that goes with the key.
  const kid = jwt.decode(token, { complete: true })?.header.kid;
  const chosen = keys.find(({ id }) => id === kid);
  if (!chosen) throw invalidToken();
  try {
    return jwt.verify(token, chosen.key, {
      algorithms: [chosen.algorithm],
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
