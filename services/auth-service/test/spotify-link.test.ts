import test from 'ava';
import type { RowDataPacket } from 'mysql2/promise';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { until } from '../../platform/test/helpers/start.ts';
import { newUser, PASSWORD, startAuth } from './helpers/auth.ts';
import { startLinking, startSpotify, TestBrowser } from './helpers/spotify.ts';

const server = useDatabase(test);

const rowsOf = async (sql: string, values: readonly unknown[] = []) =>
  (await server().admin.query<RowDataPacket[]>(sql, [...values]))[0];
const linkOf = async (userId: number) =>
  (await rowsOf('SELECT * FROM spotify_links WHERE user_id = ?', [userId]))[0];

test.afterEach.always('forget all links', () => server().admin.query('DELETE FROM spotify_links'));

test.serial(
  'link – by code and PKCE – keeps tokens, says so everywhere, and fetches the taste',
  async (t) => {
    const spotify = await startSpotify(t);
    const auth = await startLinking(t, server(), { spotify });
    const { token, id } = await newUser(auth);
    const browser = new TestBrowser(auth);
    const listener = spotify.standIn.listeners[0];

    const before = await auth.ask('GET', '/auth/spotify', { token });
    t.deepEqual(before.body, { available: true, state: 'none', account: null, taste: null });
    const at = await browser.begin(token);
    t.is(at.searchParams.get('code_challenge_method'), 'S256');
    t.is(at.searchParams.get('scope'), 'user-top-read');
    t.is(at.searchParams.get('redirect_uri'), 'http://127.0.0.1:4000/v1/auth/spotify/callback');
    t.is(await browser.comeBack(await browser.decide(at, listener?.id)), 'linked');

    t.is((await auth.ask('GET', '/auth/me', { token })).body.spotify, 'active');
    const status = async () => (await auth.ask('GET', '/auth/spotify', { token })).body;
    await until(async () => (await status()).taste !== null, 10_000);
    const { account, taste, state } = await status();
    t.is(state, 'active');
    t.like(account, { spotifyId: listener?.id, displayName: listener?.name, problem: null });
    t.truthy(account.syncedAt);
    t.deepEqual(
      taste.artists.map((it: { name: string }) => it.name),
      listener?.tops.slice(0, 50),
    );
    t.true(taste.genres.length > 1);
    const exported = await auth.ask('GET', '/auth/me/export', { token });
    t.like(exported.body.spotify[0], { spotifyId: listener?.id, state: 'active' });
    t.false(JSON.stringify(exported.body).includes('tokens'));
    t.is((await linkOf(id))?.failures, 0);
  },
);

test.serial(
  '7.A-17 link – its tokens in the database – are encrypted, and open for their own row alone',
  async (t) => {
    const spotify = await startSpotify(t);
    const auth = await startLinking(t, server(), { spotify });
    const one = await newUser(auth);
    await new TestBrowser(auth).link(one.token, 'aoife-listens');
    await until(async () => (await linkOf(one.id))?.synced_at !== null, 10_000);

    const text = JSON.stringify(
      await rowsOf('SELECT HEX(tokens) AS hex, key_id FROM spotify_links'),
    );
    t.regex(text, /"key_id":"first"/);
    const bytes = (await linkOf(one.id))?.tokens as Buffer;
    t.notRegex(bytes.toString('latin1'), /AQ|BQ\w|access|refresh/);
    // The same bytes under another person's number open nothing there.
    const two = await newUser(auth);
    await new TestBrowser(auth).link(two.token, 'new-to-this');
    await until(async () => (await linkOf(two.id))?.claim === null, 10_000);
    await server().admin.query(
      `UPDATE spotify_links SET tokens = ?, next_sync_at = '2020-01-01' WHERE user_id = ?`,
      [bytes, two.id],
    );
    await until(async () => (await linkOf(two.id))?.problem === 'tokens_unreadable', 10_000);
    t.is((await linkOf(two.id))?.state, 'active');
  },
);

test.serial(
  '7.A-5 link – an account of Spotify that another user has linked – is refused, and that link stays as it was',
  async (t) => {
    const spotify = await startSpotify(t);
    const auth = await startLinking(t, server(), { spotify });
    const [one, two] = [await newUser(auth), await newUser(auth)];
    await new TestBrowser(auth).link(one.token, 'aoife-listens');
    await until(async () => (await linkOf(one.id))?.synced_at !== null, 10_000);
    const before = await linkOf(one.id);

    t.is(await new TestBrowser(auth).link(two.token, 'aoife-listens'), 'spotify_account_taken');

    t.deepEqual(await linkOf(one.id), before);
    t.is(await linkOf(two.id), undefined);
    t.is((await auth.ask('GET', '/auth/spotify', { token: two.token })).body.state, 'none');
    // Nor does one's own give way to another one without a word.
    t.is(await new TestBrowser(auth).link(one.token, 'new-to-this'), 'other_account_linked');
    t.deepEqual(await linkOf(one.id), before);
  },
);

test.serial(
  '7.A-5 link – four users at once with one account of Spotify – is made for exactly one',
  async (t) => {
    const spotify = await startSpotify(t);
    const auth = await startLinking(t, server(), { spotify });
    const ways = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const browser = new TestBrowser(auth);
        const { token } = await newUser(auth);
        return { browser, back: await browser.decide(await browser.begin(token), 'aoife-listens') };
      }),
    );
    const ends = await Promise.all(ways.map(({ browser, back }) => browser.comeBack(back)));
    t.deepEqual(ends.toSorted(), ['linked', ...Array(3).fill('spotify_account_taken')]);
    t.is((await rowsOf('SELECT 1 FROM spotify_links')).length, 1);
  },
);

test.serial('7.A-6 state – as a token, or a token as a state – opens nothing', async (t) => {
  const spotify = await startSpotify(t);
  const auth = await startLinking(t, server(), { spotify });
  const { token, id } = await newUser(auth);
  const browser = new TestBrowser(auth);
  const at = await browser.begin(token);
  const state = at.searchParams.get('state') ?? '';

  t.is((await auth.ask('GET', '/auth/me', { token: state })).status, 401);
  const back = await browser.decide(at, 'aoife-listens');
  back.searchParams.set('state', token);
  t.is(await browser.comeBack(back), 'state_unknown');
  t.is(await linkOf(id), undefined);
  const [kept] = await rowsOf('SELECT * FROM spotify_attempts WHERE user_id = ?', [id]);
  t.false(JSON.stringify(kept).includes(state));
});

test.serial(
  '7.A-6 callback – in another browser, or without its cookie – links nothing, and the right one may still end it',
  async (t) => {
    const spotify = await startSpotify(t);
    const auth = await startLinking(t, server(), { spotify });
    const { token, id } = await newUser(auth);
    const browser = new TestBrowser(auth);
    const back = await browser.decide(await browser.begin(token), 'aoife-listens');

    const other = new TestBrowser(auth);
    t.is(await other.comeBack(back), 'other_browser');
    await other.begin((await newUser(auth)).token);
    t.is(await other.comeBack(back), 'other_browser');
    t.is(await linkOf(id), undefined);
    t.is(await browser.comeBack(back), 'linked');
  },
);

test.serial(
  '7.A-6 callback – the same one ten times at once, on two replicas – links once and asks Spotify once',
  async (t) => {
    const spotify = await startSpotify(t);
    const auth = await startLinking(t, server(), { spotify });
    const second = await startLinking(t, server(), { spotify });
    const { token } = await newUser(auth);
    const browser = new TestBrowser(auth);
    const elsewhere = new TestBrowser(second);
    const back = await browser.decide(await browser.begin(token), 'aoife-listens');
    elsewhere.cookie = browser.cookie;

    const ends = await Promise.all(
      Array.from({ length: 10 }, (_, n) => (n % 2 ? browser : elsewhere).comeBack(back)),
    );

    t.deepEqual(ends.toSorted(), ['linked', ...Array(9).fill('state_used')]);
    t.is(spotify.sources.calls.filter((it) => it.includes('/api/token')).length, 1);
    t.is(await browser.comeBack(back), 'state_used');
  },
);

test.serial(
  'callback – too late, after a log-out, after a no, with a wrong word – says which, and links nothing',
  async (t) => {
    let time = Date.now();
    const spotify = await startSpotify(t);
    const auth = await startLinking(t, server(), { spotify, now: () => time });
    const { token, id, refreshToken } = await newUser(auth);
    const browser = new TestBrowser(auth);
    const back = async (listener?: string) => browser.decide(await browser.begin(token), listener);

    t.is(await browser.comeBack(await back()), 'access_denied');
    const late = await back('aoife-listens');
    time += 600_001;
    t.is(await browser.comeBack(late), 'state_expired');
    const { body } = await auth.post('/auth/refresh', { refreshToken });
    const made = await browser.decide(await browser.begin(body.token), 'aoife-listens');
    await auth.post('/auth/logout', undefined, { token: body.token });
    t.is(await browser.comeBack(made), 'session_ended');
    for (const search of [
      '',
      '?code=x',
      '?state=x&code=y',
      '?state=x&state=y',
      '?error=server_error',
    ]) {
      t.is(
        await browser.comeBack(new URL(`http://site.example/${search}`)),
        'state_unknown',
        search,
      );
    }
    t.is(await linkOf(id), undefined);
  },
);

test.serial(
  '7.A-27 callback – Spotify refuses, is away, slow, talks nonsense or limits us – ends in words, never in a 401',
  async (t) => {
    const spotify = await startSpotify(t);
    const auth = await startLinking(t, server(), { spotify });
    const { token, id } = await newUser(auth);
    const { faults } = spotify.sources;
    const cases = [
      [
        'code_refused',
        { path: '/api/token', kind: 'status', status: 400, body: { error: 'invalid_grant' } },
      ],
      [
        'spotify_refuses',
        { path: '/api/token', kind: 'status', status: 400, body: { error: 'invalid_client' } },
      ],
      ['spotify_refuses', { path: '/api/token', kind: 'status', status: 401 }],
      ['spotify_away', { path: '/api/token', kind: 'status', status: 503 }],
      ['spotify_away', { path: '/api/token', kind: 'garbage' }],
      ['spotify_away', { path: '/api/token', kind: 'cut' }],
      ['spotify_away', { path: '/v1/me', kind: 'garbage' }],
      ['spotify_user_not_allowed', { path: '/v1/me', kind: 'status', status: 403 }],
      ['spotify_refuses', { path: '/v1/me', kind: 'status', status: 401 }],
      ['spotify_away', { path: '/v1/me', kind: 'silent' }],
      ['spotify_away', { path: '/v1/me', kind: 'status', status: 429, retryAfter: 1 }],
    ] as const;
    for (const [expected, fault] of cases) {
      const browser = new TestBrowser(auth);
      const back = await browser.decide(await browser.begin(token), 'aoife-listens');
      faults.add({ source: 'spotify', ...fault });
      const startedAt = performance.now();
      t.is(await browser.comeBack(back), expected, JSON.stringify(fault));
      t.true(performance.now() - startedAt < 7_500, JSON.stringify(fault));
      faults.clear();
    }
    t.is(await linkOf(id), undefined);
    t.is(await new TestBrowser(auth).link(token, 'aoife-listens'), 'linked');
  },
);

test.serial(
  'link – where the site has no app at Spotify – says what to set, and disturbs nothing else',
  async (t) => {
    const auth = await startAuth(t, server());
    const { token } = await newUser(auth);
    for (const path of ['/auth/spotify/authorization', '/auth/spotify/sync']) {
      const { status, body, headers } = await auth.ask('POST', path, { token });
      t.deepEqual([status, body.code], [503, 'spotify_linking_not_configured']);
      t.regex(headers.get('content-type') ?? '', /problem\+json/);
      t.regex(body.detail, /SPOTIFY_TOKEN_KEYS/);
    }
    t.is((await auth.ask('GET', '/auth/spotify', { token })).body.available, false);
    t.is(
      await new TestBrowser(auth).comeBack(new URL('http://site.example/?code=x')),
      'not_set_up',
    );
    t.is((await auth.ask('DELETE', '/auth/spotify', { token })).status, 204);
    t.is((await fetch(`${auth.url}/readyz`)).status, 200);
    t.is((await fetch(`${auth.url}/livez`)).status, 200);
  },
);

test.serial('7.A-19 link – an account that somebody only names – cannot be linked', async (t) => {
  const spotify = await startSpotify(t);
  const auth = await startLinking(t, server(), { spotify });
  const { token, id } = await newUser(auth);
  const profile = 'https://open.spotify.com/user/aoife-listens';
  t.is((await auth.post('/auth/spotify/connect', { profile }, { token })).status, 404);
  await auth.post('/auth/spotify/authorization', { profile, spotifyId: 'x' }, { token });
  await auth.post('/auth/spotify/sync', { profile }, { token });
  t.is(await linkOf(id), undefined);
});

test.serial(
  '7.B-18 unlink – also while a link is under way – takes tokens and taste along and stays so',
  async (t) => {
    const spotify = await startSpotify(t);
    const auth = await startLinking(t, server(), { spotify });
    const { token, id } = await newUser(auth);
    const browser = new TestBrowser(auth);
    await browser.link(token, 'aoife-listens');
    await until(async () => (await linkOf(id))?.synced_at !== null, 10_000);

    const back = await browser.decide(await browser.begin(token), 'aoife-listens');
    spotify.sources.faults.add({ source: 'spotify', path: '/v1/me', kind: 'slow', ms: 1_000 });
    const coming = browser.comeBack(back);
    await until(() => spotify.sources.calls.filter((it) => it.endsWith('/v1/me')).length === 2);
    t.is((await auth.ask('DELETE', '/auth/spotify', { token })).status, 204);
    t.is(await coming, 'link_withdrawn');

    for (const table of ['spotify_links', 'spotify_tastes', 'spotify_attempts']) {
      t.deepEqual(await rowsOf('SELECT 1 FROM ?? WHERE user_id = ?', [table, id]), [], table);
    }
    t.is((await auth.ask('DELETE', '/auth/spotify', { token })).status, 204);
    t.is(await browser.link(token, 'aoife-listens'), 'linked');
    await auth.post('/auth/me/deletion', { password: PASSWORD }, { token });
    t.is(await linkOf(id), undefined);
  },
);

test.serial('begin – again and again – is limited, for this account alone', async (t) => {
  const spotify = await startSpotify(t);
  const auth = await startLinking(t, server(), { spotify });
  const { token } = await newUser(auth);
  const begin = (token: string) => auth.ask('POST', '/auth/spotify/authorization', { token });
  const answers = await Promise.all(Array.from({ length: 25 }, () => begin(token)));
  t.is(answers.filter(({ status }) => status === 200).length, 20);
  t.is((await begin((await newUser(auth)).token)).status, 200);
  const cookie = answers.find(({ status }) => status === 200)?.headers.get('set-cookie') ?? '';
  t.regex(
    cookie,
    /^__Host-spotify=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=600$/,
  );
});
