import test from 'ava';
import jwt from 'jsonwebtoken';
import { Unauthorized } from '../src/errors.ts';
import { Secret } from '../src/secret.ts';
import { createTokens, TOKEN_LIFE_SECONDS } from '../src/tokens.ts';

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
  test(`verify – ${situation} – is refused`, (t) => {
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
