import {
  createHash,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  type KeyObject,
} from 'node:crypto';
import type { Secret } from './secret.ts';

export type Algorithm = 'HS256' | 'ES256' | 'RS256';

interface SigningKey {
  readonly algorithm: Algorithm;
  readonly key: KeyObject;
  /** Names the key in the header of a token; a shared secret has no name. */
  readonly id?: string;
}

/** What bears the id of one of these is verified by it, with its algorithm. */
export type VerifyingKeys = readonly SigningKey[];

export interface TokenKeys {
  readonly signing: SigningKey;
  readonly verifying: VerifyingKeys;
  /** RFC 7517: what others need to verify. */
  readonly jwks: { readonly keys: readonly Jwk[] };
}

export type Jwk = Readonly<Record<string, string>>;

export interface VerifierConfig {
  readonly secret: Secret;
  /** Public keys as PEM, one after the other: with them the secret counts no more. */
  readonly publicKeys?: Secret | null;
}

export interface TokenConfig {
  readonly secret: Secret;
  /** A private key as PEM: it signs from now on, and the secret no more. */
  readonly signingKey?: Secret | null;
  /** During a rotation the next or the last key as PEM, public or private: it only verifies. */
  readonly otherKey?: Secret | null;
}

/** HS256 with the shared secret, unless there is a key pair. */
export function createTokenKeys({ secret, signingKey, otherKey }: TokenConfig): TokenKeys {
  if (!signingKey) {
    const signing = sharedKey(secret);
    return { signing, verifying: [signing], jwks: { keys: [] } };
  }
  const key = createPrivateKey(signingKey.reveal());
  const own = publicKey(signingKey.reveal());
  const verifying = otherKey ? [own, publicKey(otherKey.reveal())] : [own];
  return { signing: { ...own, key }, verifying, jwks: { keys: verifying.map(toJwk) } };
}

/** The keys of a service that makes no tokens. */
export const createVerifyingKeys = ({ secret, publicKeys }: VerifierConfig): VerifyingKeys =>
  publicKeys ? splitPem(publicKeys.reveal()).map(publicKey) : [sharedKey(secret)];

// With a string, jsonwebtoken tries to parse a public key on each call: 25 times the cost.
const sharedKey = (secret: Secret): SigningKey => ({
  algorithm: 'HS256',
  key: createSecretKey(Buffer.from(secret.reveal())),
});

function publicKey(pem: string): Required<SigningKey> {
  const key = createPublicKey(pem);
  return { algorithm: algorithmOf(key), key, id: thumbprint(key) };
}

const splitPem = (text: string) => text.match(/-----BEGIN .*?-----END [^\n]*-----/gs) ?? [];

const toJwk = ({ key, id, algorithm }: Required<SigningKey>): Jwk => ({
  ...(key.export({ format: 'jwk' }) as Jwk),
  use: 'sig',
  alg: algorithm,
  kid: id,
});

/** RFC 7638: the same id wherever the key is held. */
function thumbprint(key: KeyObject): string {
  const { kty = '', crv = '', x = '', y = '', n = '', e = '' } = key.export({ format: 'jwk' });
  const members = kty === 'RSA' ? { e, kty, n } : { crv, kty, x, y };
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}

/** What a key can sign; throws when it can sign nothing that we take. */
function algorithmOf(key: KeyObject): Exclude<Algorithm, 'HS256'> {
  const { asymmetricKeyType, asymmetricKeyDetails: details = {} } = key;
  if (asymmetricKeyType === 'ec' && details.namedCurve === 'prime256v1') return 'ES256';
  if (asymmetricKeyType === 'rsa' && (details.modulusLength ?? 0) >= 2048) return 'RS256';
  throw new TypeError('token key: expected EC P-256, or RSA of 2048 bits at least');
}

/** Whether a PEM text holds a key that can be used here. */
export function isTokenKey(pem: string, kind: 'private' | 'any' | 'public keys'): boolean {
  try {
    const texts = kind === 'public keys' ? splitPem(pem) : [pem];
    for (const text of texts) {
      if (kind === 'public keys' && text.includes('PRIVATE')) return false;
      algorithmOf(kind === 'private' ? createPrivateKey(text) : createPublicKey(text));
    }
    return texts.length > 0;
  } catch {
    return false;
  }
}
