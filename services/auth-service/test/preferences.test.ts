import { generateKeyPairSync } from 'node:crypto';
import { Secret } from '@whatsthecraic/platform/secret';
import test from 'ava';
import { testTokens, useDatabase } from '../../platform/test/helpers/database.ts';
import { newUser, startAuth } from './helpers/auth.ts';

const server = useDatabase(test);

test('preferences – changed part by part – keep what is not named, and lose only what is cleared', async (t) => {
  const auth = await startAuth(t, server());
  const { token } = await newUser(auth);
  const patch = async (body: unknown) =>
    (await auth.ask('PATCH', '/auth/preferences', { token, body })).body;

  const empty = (await auth.ask('GET', '/auth/preferences', { token })).body;
  t.like(empty, { genres: [], nights: [], budgetMax: null, radiusKm: null, updatedAt: null });

  await patch({ genres: ['Techno', 'Trad', 'Techno'], budgetMax: 19.99, nights: ['fri', 'sat'] });
  await patch({ cities: [' Dún  Laoghaire '] });
  const kept = await patch({});
  t.like(kept, { budgetMax: 19.99, radiusKm: null });
  t.deepEqual(
    [kept.genres, kept.cities, kept.nights],
    [['Techno', 'Trad'], ['Dún Laoghaire'], ['fri', 'sat']],
  );

  const cleared = await patch({ genres: [], budgetMax: null });
  t.like(cleared, { budgetMax: null });
  t.deepEqual([cleared.genres, cleared.cities], [[], ['Dún Laoghaire']]);
});

test('7.B-6 preferences – lists – come back as they were saved, from text and not from a JSON column', async (t) => {
  const auth = await startAuth(t, server());
  const { token } = await newUser(auth);
  const artists = ['Lankum', 'The "Mary" Wallopers', 'Ye Vagabonds, ø'];

  await auth.ask('PATCH', '/auth/preferences', { token, body: { artists } });

  t.deepEqual((await auth.ask('GET', '/auth/preferences', { token })).body.artists, artists);
  const [rows] = await server().admin.query(
    `SELECT data_type AS type FROM information_schema.columns WHERE table_schema = DATABASE()
     AND table_name = 'user_preferences' AND column_name = 'artists'`,
  );
  t.is((rows as { type: string }[])[0]?.type, 'text');
});

test('preferences – different parts changed at once – lose nothing of each other', async (t) => {
  const auth = await startAuth(t, server());
  const { token } = await newUser(auth);
  const parts = { genres: ['House'], artists: ['A'], cities: ['Cork'], venues: ['V'], djs: ['D'] };

  await Promise.all(
    Object.entries(parts).map(([name, value]) =>
      auth.ask('PATCH', '/auth/preferences', { token, body: { [name]: value } }),
    ),
  );

  t.like((await auth.ask('GET', '/auth/preferences', { token })).body, parts);
});

test('preferences – what makes no sense – is refused with its field, and changes nothing', async (t) => {
  const auth = await startAuth(t, server());
  const { token } = await newUser(auth);
  const wrong: [string, unknown][] = [
    ['genres', 'Techno'],
    ['genres', Array(51).fill('x')],
    ['nights', ['someday']],
    ['budgetMax', -1],
    ['radiusKm', 0],
    ['radiusKm', 1.5],
    ['colour', 'red'],
  ];

  for (const [field, value] of wrong) {
    const body = { cities: ['Galway'], [field]: value };
    const answer = await auth.ask('PATCH', '/auth/preferences', { token, body });
    t.is(answer.status, 400, field);
    t.true(answer.body.errors[0].field.startsWith(`body.${field}`));
  }
  t.deepEqual((await auth.ask('GET', '/auth/preferences', { token })).body.cities, []);
});

test('jwks – a shared secret, then a key pair – shows no key, then the public one that its tokens name', async (t) => {
  const shared = await startAuth(t, server());
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const auth = await startAuth(t, server(), {
    config: { tokens: { ...testTokens, signingKey: new Secret(pem) } },
  });
  const { token } = await newUser(auth);
  const path = '/.well-known/jwks.json';

  t.deepEqual((await shared.ask('GET', path)).body, { keys: [] });
  const { body, headers } = await auth.ask('GET', path);
  t.is(headers.get('cache-control'), 'public, max-age=300');
  const head = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
  t.like(body.keys[0], { kid: head.kid, alg: 'ES256', kty: 'EC' });
  t.is(body.keys[0].d, undefined);
  t.is((await auth.ask('GET', '/auth/me', { token })).status, 200);
  t.is((await shared.ask('GET', '/auth/me', { token })).body.code, 'invalid_token');
});
