import { type Answer, boundedFetch, type Effects } from './bounded-fetch.ts';
import { type Challenge, parseChallenge } from './challenge.ts';
import type { Credentials, CredentialsOf } from './credentials.ts';
import type { ImageReference } from './reference.ts';
import { errorOfAnswer, RegistryError } from './registry-error.ts';

export type Access = 'pull' | 'pull,push';

/** Turns credentials and a registry's challenge into an `Authorization` header, and remembers it. */
export interface Authorizer {
  /** What worked before, if anything did. */
  known(image: ImageReference, access: Access): string | undefined;
  /** An answer to a 401; fails if there is none. */
  answer(
    image: ImageReference,
    access: Access,
    refusal: Answer,
    signal?: AbortSignal,
  ): Promise<string>;
}

interface Remembered {
  readonly header: string;
  readonly until: number;
}

export function createAuthorizer(
  credentialsOf: CredentialsOf,
  effects: Effects,
  now: () => number = Date.now,
): Authorizer {
  const remembered = new Map<string, Remembered>();
  const keyOf = (image: ImageReference, access: Access) =>
    `${image.origin} ${image.repository} ${access}`;

  return {
    known: (image, access) => {
      const found = remembered.get(keyOf(image, access));
      return found && found.until > now() ? found.header : undefined;
    },
    answer: async (image, access, refusal, signal) => {
      remembered.delete(keyOf(image, access));
      const challenge = parseChallenge(refusal.headers.get('www-authenticate'));
      const credentials = credentialsOf(image.host);
      const granted =
        challenge?.scheme === 'bearer'
          ? await requestToken(image, access, challenge, credentials, effects, now, signal)
          : basicHeader(image, refusal, challenge, credentials);
      remembered.set(keyOf(image, access), granted);
      return granted.header;
    },
  };
}

function basicHeader(
  image: ImageReference,
  refusal: Answer,
  challenge: Challenge | undefined,
  credentials: Credentials | undefined,
): Remembered {
  if (!challenge || !credentials) {
    const why = challenge
      ? 'it asks for a user and a password, and none was given'
      : 'unauthorized';
    throw new RegistryError(
      'REGISTRY_UNAUTHORIZED',
      `registry ${image.host}: ${why}`,
      refusal.status,
    );
  }
  return { header: basic(credentials), until: Number.POSITIVE_INFINITY };
}

async function requestToken(
  image: ImageReference,
  access: Access,
  challenge: Extract<Challenge, { scheme: 'bearer' }>,
  credentials: Credentials | undefined,
  effects: Effects,
  now: () => number,
  signal?: AbortSignal,
): Promise<Remembered> {
  const url = realmUrl(image, challenge.realm);
  if (challenge.service !== undefined) url.searchParams.set('service', challenge.service);
  url.searchParams.set('scope', `repository:${image.repository}:${access}`);
  const what = `registry ${image.host}: token from ${url.host}`;
  const headers = credentials ? { authorization: basic(credentials) } : {};
  const answer = await boundedFetch(what, url.href, { headers }, effects, signal);
  const text = Buffer.from(answer.body).toString('utf8');
  if (answer.status !== 200) throw errorOfAnswer(what, answer.status, text);
  const { token, seconds } = parseToken(what, text);
  // Half its life: it must outlive the request that is about to use it.
  return { header: `Bearer ${token}`, until: now() + seconds * 500 };
}

function realmUrl(image: ImageReference, realm: string): URL {
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  const isPlainHere = image.origin.startsWith('http:');
  if (!url || !(url.protocol === 'https:' || (url.protocol === 'http:' && isPlainHere))) {
    throw new RegistryError(
      'REGISTRY_PROTOCOL',
      `registry ${image.host}: it sends to ${JSON.stringify(realm.slice(0, 200))} for a token, which is no https URL`,
    );
  }
  return url;
}

function parseToken(what: string, text: string): { token: string; seconds: number } {
  try {
    const body = JSON.parse(text) as {
      token?: unknown;
      access_token?: unknown;
      expires_in?: unknown;
    };
    const token = body.token ?? body.access_token;
    if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) {
      return { token, seconds: typeof body.expires_in === 'number' ? body.expires_in : 60 };
    }
  } catch {
    // Told below, without the text: it may hold a token.
  }
  throw new RegistryError('REGISTRY_PROTOCOL', `${what}: the answer holds no token`);
}

const basic = ({ user, password }: Credentials) =>
  `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
