import { readConfig } from '@whatsthecraic/platform/config';
import { SpotifyPaused } from '@whatsthecraic/platform/spotify/errors';
import { UpstreamUnavailable } from '@whatsthecraic/platform/upstream/errors';
import test from 'ava';
import {
  authorizationUrl,
  challengeOf,
  isRandomWord,
  randomWord,
} from '../src/spotify/authorization.ts';
import { createBrowserCookie } from '../src/spotify/browser-cookie.ts';
import { GrantRefused } from '../src/spotify/errors.ts';
import { endOf } from '../src/spotify/sync.ts';
import { betterTaste, topArtists } from '../src/spotify/taste.ts';
import { createTokenBox, TokenKeyMissing } from '../src/spotify/token-box.ts';
import { tokenKeys } from '../src/spotify/token-keys.ts';
import { testKey } from './helpers/spotify-config.ts';

test('PKCE – the example of RFC 7636, appendix B – gives its challenge', (t) => {
  t.is(
    challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'),
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  );
  const words = new Set(Array.from({ length: 100 }, randomWord));
  t.is(words.size, 100);
  t.true([...words].every(isRandomWord));
  const url = authorizationUrl({
    ...{ accounts: 'https://accounts.spotify.com', clientId: 'a&b', redirectUri: 'https://x/y' },
    ...{ state: 's', verifier: 'v' },
  });
  t.is(new URL(url).searchParams.get('client_id'), 'a&b');
  t.false(url.includes('code_verifier'));
});

const tokens = { access: 'BQ-access', refresh: 'AQ-refresh', accessEndsAt: 1_800_000_000_000 };
const owner = { userId: 7, spotifyId: 'aoife' };

test('7.A-17 token box – what it has sealed – opens for the same row and key, and for nothing else', (t) => {
  const box = createTokenBox([testKey('a')]);
  const sealed = box.seal(tokens, owner);
  t.deepEqual(box.open(sealed, owner), tokens);
  t.notDeepEqual(box.seal(tokens, owner).bytes, sealed.bytes, 'no nonce twice');
  t.throws(() => box.open(sealed, { ...owner, userId: 8 }));
  t.throws(() => box.open(sealed, { ...owner, spotifyId: 'other' }));
  for (const at of [0, 13, 30]) {
    const changed = Buffer.from(sealed.bytes);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    t.throws(() => box.open({ ...sealed, bytes: changed }, owner), undefined, `byte ${at}`);
  }
  t.throws(() => box.open({ ...sealed, bytes: sealed.bytes.subarray(0, 20) }, owner));
  const later = createTokenBox([testKey('b'), testKey('a')]);
  t.deepEqual(later.open(sealed, owner), tokens);
  t.is(later.seal(tokens, owner).keyId, 'b');
  t.throws(() => createTokenBox([testKey('b')]).open(sealed, owner), {
    instanceOf: TokenKeyMissing,
  });
  const impostor = { ...testKey('b'), id: 'a' };
  t.throws(() => createTokenBox([impostor]).open(sealed, owner));
});

test('SPOTIFY_TOKEN_KEYS – lists as they are typed – are keys in their order, or are refused without being shown', (t) => {
  const key = Buffer.alloc(32, 1).toString('base64');
  const read = (SPOTIFY_TOKEN_KEYS: string) => readConfig({ tokenKeys }, { SPOTIFY_TOKEN_KEYS });
  t.is(readConfig({ tokenKeys }, {}).tokenKeys, null);
  t.deepEqual(
    read(`2026-11:${key}, old:${key}`).tokenKeys?.map(({ id }) => id),
    ['2026-11', 'old'],
  );
  const short = Buffer.alloc(31).toString('base64');
  for (const text of [key, `a:${short}`, `a:${key},a:${key}`, `a:${key},`, `A:${key}`, 'a:b']) {
    const error = t.throws(() => read(text), { message: /SPOTIFY_TOKEN_KEYS has \d+ bytes/ }, text);
    t.false(error?.message.includes(text));
  }
});

test('cookie – by where the site is – is bound to its host, and read from among others', (t) => {
  const value = randomWord();
  for (const site of ['https://craic.example', 'http://localhost:4000', 'http://127.0.0.1:4000']) {
    const cookie = createBrowserCookie(site);
    t.regex(
      cookie.set(value, 600),
      /^__Host-spotify=.*; Path=\/; HttpOnly; SameSite=Lax; Secure; /,
    );
    t.is(cookie.read(`a=b; __Host-spotify=${value}; c`), value);
    t.is(cookie.read(`spotify=${value}`), undefined);
    t.is(cookie.read(`__Host-spotify=${value}x`), undefined);
  }
  const plain = createBrowserCookie('http://craic.example');
  t.notRegex(plain.set(value, 600), /Secure|__Host/);
  t.is(plain.read(`spotify=${value}`), value);
  t.is(plain.read(undefined), undefined);
});

test('7.B-24 taste – rows of any kind – are read as far as they can be, and nothing replaces nothing', (t) => {
  const row = (id: string, genres?: unknown) => ({ id, name: ` ${id.toUpperCase()} `, genres });
  const found = topArtists.parse({
    items: [
      row('a', ['House', 'techno']),
      row('b', ['Techno ', 'techno']),
      row('a'),
      { id: 'c' },
      5,
      row('d', 'x'),
    ],
  });
  t.deepEqual(found, {
    artists: [
      { id: 'a', name: 'A' },
      { id: 'b', name: 'B' },
      { id: 'd', name: 'D' },
    ],
    genres: ['techno', 'house'],
  });
  const none = { artists: [], genres: [] };
  t.deepEqual(betterTaste(found, none), found);
  t.deepEqual(betterTaste(found, { artists: [{ id: 'e', name: 'E' }], genres: [] }), {
    artists: [{ id: 'e', name: 'E' }],
    genres: found.genres,
  });
  t.deepEqual(betterTaste(undefined, none), none);
});

test('sync – what follows from a failure – ends a link only when its owner took the permission back', (t) => {
  const after = (error: unknown, failures = 0) => {
    const { nextSyncAt, ...rest } = endOf(error, failures, 0);
    return { ...rest, minutes: nextSyncAt.getTime() / 60_000 };
  };
  const away = new UpstreamUnavailable('Spotify', new Error('x'));
  t.like(after(new GrantRefused()), { state: 'broken', problem: 'access_revoked' });
  t.like(after(away), { state: 'active', problem: 'spotify_away', minutes: 1, failures: 1 });
  t.like(after(away, 5), { minutes: 32 });
  t.like(after(away, 20), { minutes: 360, failures: 20 });
  t.like(after(new SpotifyPaused(600_000), 3), {
    problem: 'spotify_paused',
    minutes: 10,
    failures: 3,
  });
  t.like(after(new TokenKeyMissing('x')), { state: 'active', problem: 'tokens_unreadable' });
});
