import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import test from 'ava';
import jwt from 'jsonwebtoken';
import { ConfigError, readConfig } from '../src/config.ts';
import { Unauthorized } from '../src/errors.ts';
import { Secret } from '../src/secret.ts';
import { signingSettings } from '../src/settings.ts';
import { createTokens, createVerifier, TOKEN_LIFE_SECONDS } from '../src/tokens.ts';

const SECRET = 'k'.repeat(32);
const tokens = createTokens(new Secret(SECRET));
const claims = { role: 'user', exp: Math.floor(Date.now() / 1000) + 60 };
const usual = { issuer: 'whatsthecraic', audience: 'whatsthecraic-api', subject: '7' } as const;
const header = { alg: 'HS256', typ: 'at+jwt' };

test('tokens – signed and verified – give the caller back', (t) => {
  const token = tokens.sign({ id: 7, role: 'organizer' });

  t.deepEqual(tokens.verify(token), { id: 7, role: 'organizer' });
  const { header, payload } = jwt.decode(token, { complete: true }) ?? {};
  t.like(header, { alg: 'HS256', typ: 'at+jwt' });
  t.like(payload, { iss: 'whatsthecraic', aud: 'whatsthecraic-api', sub: '7' });
});

const refused: Record<string, string> = {
  'another key': jwt.sign(claims, 'x'.repeat(32), { ...usual, header }),
  'another issuer': jwt.sign(claims, SECRET, { ...usual, issuer: 'elsewhere', header }),
  'another audience': jwt.sign(claims, SECRET, { ...usual, audience: 'spotify-state', header }),
  'another type': jwt.sign(claims, SECRET, usual),
  'another algorithm': jwt.sign(claims, SECRET, {
    ...usual,
    algorithm: 'HS512',
    header: { alg: 'HS512', typ: 'at+jwt' },
  }),
  'no signature': `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${Buffer.from(
    JSON.stringify({ ...claims, iss: usual.issuer, aud: usual.audience, sub: '7' }),
  ).toString('base64url')}.`,
  'an unknown role': jwt.sign({ ...claims, role: 'root' }, SECRET, { ...usual, header }),
  'no subject': jwt.sign(claims, SECRET, {
    issuer: usual.issuer,
    audience: usual.audience,
    header,
  }),
  'no token at all': 'not.a.token',
};

for (const [situation, token] of Object.entries(refused)) {
  test(`7.A-6 verify – ${situation} – is refused`, (t) => {
    const error = t.throws(() => tokens.verify(token), { instanceOf: Unauthorized });

    t.is(error.code, 'invalid_token');
  });
}

test('verify – the same claims with everything right – is taken, so the refusals above mean something', (t) => {
  t.is(tokens.verify(jwt.sign(claims, SECRET, { ...usual, header })).id, 7);
});

test('verify – past its life – says that it expired, with five seconds for clocks that differ', (t) => {
  let now = Date.now();
  const aging = createTokens(new Secret(SECRET), () => now);
  const token = aging.sign({ id: 1, role: 'user' });

  now += (TOKEN_LIFE_SECONDS + 4) * 1000;
  t.is(aging.verify(token).id, 1);
  now += 2_000;
  t.like(
    t.throws(() => aging.verify(token), { instanceOf: Unauthorized }),
    {
      code: 'token_expired',
      status: 401,
    },
  );
});

const pem = (type: 'ec' | 'rsa') => {
  const pair =
    type === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    private: new Secret(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
    public: new Secret(pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()),
  };
};
const caller = { id: 7, role: 'user', sessionId: 's'.repeat(22) } as const;
const secret = new Secret(SECRET);

for (const [type, alg] of [
  ['ec', 'ES256'],
  ['rsa', 'RS256'],
] as const) {
  test(`key pair – ${type} – signs with ${alg}, and its public half at the JWKS verifies`, (t) => {
    const keys = createTokens({ secret, signingKey: pem(type).private });
    const token = keys.sign(caller);

    const header = jwt.decode(token, { complete: true })?.header;
    t.like(header, { alg, typ: 'at+jwt' });
    t.deepEqual(keys.verify(token), caller);
    const [jwk, ...others] = keys.jwks.keys;
    t.deepEqual(others, []);
    t.like(jwk, { kid: header?.kid ?? '', alg, use: 'sig' });
    t.is(jwk?.d, undefined, 'nothing private');
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
    t.like(jwt.verify(token, key, { algorithms: [alg] }), { sub: '7' });
  });
}

test('key pair – a rotation in two steps – refuses nobody: next key first published, then used', (t) => {
  const [old, next] = [pem('ec'), pem('rsa')];
  const before = createTokens({ secret, signingKey: old.private });
  const announced = createTokens({ secret, signingKey: old.private, otherKey: next.public });
  const after = createTokens({ secret, signingKey: next.private, otherKey: old.public });

  t.is(announced.jwks.keys.length, 2);
  t.deepEqual(
    announced.jwks.keys.map(({ kid }) => kid).toSorted(),
    after.jwks.keys.map(({ kid }) => kid).toSorted(),
  );
  for (const signer of [before, announced, after]) {
    for (const verifier of [announced, after]) {
      t.deepEqual(verifier.verify(signer.sign(caller)), caller);
    }
  }
  t.throws(() => before.verify(after.sign(caller)), { instanceOf: Unauthorized });
  const both = new Secret(`${old.public.reveal()}\n${next.public.reveal()}`);
  const elsewhere = createVerifier({ secret, publicKeys: both });
  for (const signer of [before, after]) {
    t.deepEqual(elsewhere.verify(signer.sign(caller)), caller);
  }
  t.throws(() => elsewhere.verify(tokens.sign(caller)), { instanceOf: Unauthorized });
});

test('key pair – a token signed with the secret, or with the public key as a secret – is refused', (t) => {
  const { private: signingKey, public: publicKey } = pem('ec');
  const keys = createTokens({ secret, signingKey });
  const kid = keys.jwks.keys[0]?.kid ?? '';
  const forge = (text: string) => jwt.sign(claims, text, { ...usual, header: { ...header, kid } });

  for (const token of [tokens.sign(caller), forge(SECRET), forge(publicKey.reveal())]) {
    t.like(
      t.throws(() => keys.verify(token), { instanceOf: Unauthorized }),
      {
        code: 'invalid_token',
      },
    );
  }
  t.throws(() => tokens.verify(keys.sign(caller)), { instanceOf: Unauthorized });
});

test('JWT_SIGNING_KEY – what cannot sign – is refused at the start, with the cure and without the key', (t) => {
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
  const set = (value: string) => () =>
    readConfig({ key: signingSettings.signingKey }, { JWT_SIGNING_KEY: value });

  const short = weak.export({ type: 'pkcs8', format: 'pem' }).toString();
  for (const value of ['nonsense', pem('ec').public.reveal(), short]) {
    const error = t.throws(set(value), { instanceOf: ConfigError });
    t.regex(error.message, /JWT_SIGNING_KEY .*EC P-256, or RSA.*openssl genpkey/);
    t.false(error.message.includes(value));
  }
  const oneLine = pem('ec').private.reveal().replaceAll('\n', '\\n');
  t.notThrows(set(oneLine));
});
