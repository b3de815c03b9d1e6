import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '@whatsthecraic/platform/database';
import test, { type ExecutionContext } from 'ava';
import type { RowDataPacket } from 'mysql2/promise';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { silentLog } from '../../platform/test/helpers/service.ts';
import { until } from '../../platform/test/helpers/start.ts';
import { reencryptTokens } from '../src/spotify/reencrypt.ts';
import { createTokenBox } from '../src/spotify/token-box.ts';
import { newUser } from './helpers/auth.ts';
import { startLinking, startSpotify, TestBrowser } from './helpers/spotify.ts';
import { testKey } from './helpers/spotify-config.ts';

const server = useDatabase(test);
const DAY_MS = 86_400_000;

const linkOf = async (userId: number) => {
  const sql = `SELECT l.*, t.artists, t.genres, t.fetched_at FROM spotify_links l
    LEFT JOIN spotify_tastes t ON t.user_id = l.user_id WHERE l.user_id = ?`;
  const [rows] = await server().admin.query<RowDataPacket[]>(sql, [userId]);
  return rows[0] ?? ({} as RowDataPacket);
};

test.afterEach.always('forget all links and penalties', async () => {
  await server().admin.query('DELETE FROM spotify_links');
  await server().admin.query('DELETE FROM api_penalties');
});

/** Somebody whose taste has been fetched once, in a service whose clock the test moves. */
async function linked(
  t: ExecutionContext,
  {
    listener = 'aoife-listens',
    ...options
  }: Parameters<typeof startSpotify>[1] & {
    listener?: string;
    replicas?: number;
    keys?: Parameters<typeof startLinking>[2]['keys'];
  } = {},
) {
  const { replicas = 1, keys, ...spotifyOptions } = options;
  const time = { at: Date.now() };
  const spotify = await startSpotify(t, spotifyOptions);
  const start = () =>
    startLinking(t, server(), { spotify, now: () => time.at, ...(keys ? { keys } : {}) });
  const [auth] = await Promise.all([start(), ...Array.from({ length: replicas - 1 }, start)]);
  const { token, id } = await newUser(auth);
  t.is(await new TestBrowser(auth).link(token, listener), 'linked');
  await until(async () => (await linkOf(id)).next_sync_at > new Date(time.at + DAY_MS / 2), 10_000);
  const { calls, faults } = spotify.sources;
  calls.length = 0;
  const who = spotify.standIn.listeners.find((it) => it.id === listener);
  if (!who) throw new Error(`no listener ${listener}`);
  return { auth, token, id, time, spotify, calls, faults, who };
}

const dueNow = (id: number) =>
  server().admin.query(`UPDATE spotify_links SET next_sync_at = '2020-01-01' WHERE user_id = ?`, [
    id,
  ]);
const ended = (id: number) =>
  until(async () => {
    const { claim, next_sync_at } = await linkOf(id);
    return claim === null && next_sync_at > new Date('2020-01-02');
  }, 15_000);
const tokenCalls = (calls: readonly string[]) => calls.filter((it) => it.includes('/api/token'));

test.serial(
  '7.B-24 taste – Spotify away, refusing, limiting, empty, nonsense – stays what it was, and is not called synchronised',
  async (t) => {
    const { id, faults, who } = await linked(t);
    const { artists, genres, fetched_at, synced_at } = await linkOf(id);
    t.true(JSON.parse(artists).length > 3);
    const cases = [
      ['spotify_away', { kind: 'status', status: 500 }],
      ['spotify_away', { kind: 'garbage' }],
      ['spotify_away', { kind: 'cut' }],
      ['spotify_refuses', { kind: 'status', status: 403 }],
      ['spotify_paused', { kind: 'status', status: 429, retryAfter: 1 }],
      ['nothing_found', { kind: 'status', status: 200, body: { items: [] } }],
      ['nothing_found', { kind: 'status', status: 200, body: { items: [{ id: 1 }, null] } }],
      ['spotify_away', { kind: 'status', status: 200, body: { items: null } }],
    ] as const;
    for (const [problem, fault] of cases) {
      faults.add({ source: 'spotify', path: '/top/artists', ...fault });
      await dueNow(id);
      await ended(id);
      const found = await linkOf(id);
      t.like(found, { state: 'active', problem, artists, genres }, JSON.stringify(fault));
      t.deepEqual([found.fetched_at, found.synced_at], [fetched_at, synced_at]);
    }
    who.tops = ['Somebody New'];
    await server().admin.query('DELETE FROM api_penalties');
    await dueNow(id);
    await until(async () => (await linkOf(id)).artists !== artists, 15_000);
    const { problem, artists: now } = await linkOf(id);
    t.is(problem, null);
    t.deepEqual(JSON.parse(now)[0].name, 'Somebody New');
  },
);

test.serial(
  '7.B-24 taste – of somebody who has just come to Spotify – is nothing, and nobody is invented',
  async (t) => {
    const { auth, token } = await linked(t, { listener: 'new-to-this' });
    const { body } = await auth.ask('GET', '/auth/spotify', { token });
    t.is(body.taste, null);
    t.like(body.account, { problem: 'nothing_found', syncedAt: null });
  },
);

test.serial(
  'refresh – by three replicas at once – is one call, and the new refresh token is kept',
  async (t) => {
    const { id, time, calls } = await linked(t, { replicas: 3, tokenSeconds: 120 });
    for (const round of [1, 2, 3]) {
      const { tokens } = await linkOf(id);
      time.at += DAY_MS + 1;
      await ended(id);
      await until(async () => !(await linkOf(id)).tokens.equals(tokens), 15_000);
      await until(async () => (await linkOf(id)).claim === null, 15_000);
      t.is(tokenCalls(calls).length, round);
    }
    t.like(await linkOf(id), { state: 'active', problem: null });
  },
);

test.serial('refresh – an access token that Spotify refuses early – is renewed once', async (t) => {
  const { id, faults, calls } = await linked(t);
  faults.add({ source: 'spotify', path: '/top/artists', kind: 'status', status: 401 });
  await dueNow(id);
  await ended(id);
  t.is(tokenCalls(calls).length, 1);
  t.like(await linkOf(id), { state: 'active', problem: null });
});

test.serial(
  'refresh – the database away just when the new token comes – keeps it as soon as it is back',
  async (t) => {
    const { id, time, calls, faults, auth } = await linked(t, { tokenSeconds: 120 });
    const { tokens } = await linkOf(id);
    faults.add({ source: 'spotify', path: '/api/token', kind: 'slow', ms: 1_500 });
    time.at += DAY_MS + 1;
    await until(() => tokenCalls(calls).length === 1, 15_000);
    await server().stop();
    await sleep(2_500);
    await server().start();
    await until(async () => !(await linkOf(id)).tokens.equals(tokens), 20_000);
    await until(async () => (await fetch(`${auth.url}/readyz`)).ok);
    // What was kept is good: the next one is granted.
    await server().admin.query('UPDATE spotify_links SET claim = NULL, claimed_until = NULL');
    time.at += DAY_MS + 1;
    await until(async () => tokenCalls(calls).length === 2, 20_000);
    await ended(id);
    t.like(await linkOf(id), { state: 'active', problem: null });
  },
);

test.serial(
  'link – whose owner takes the permission back at Spotify – is broken and says so, keeps its taste, and is mended by a new one',
  async (t) => {
    const { auth, token, id, time, spotify, who } = await linked(t, { tokenSeconds: 120 });
    const { artists } = await linkOf(id);
    spotify.standIn.revoke(who);
    time.at += 7_200_000;
    await dueNow(id);
    await until(async () => (await linkOf(id)).state === 'broken', 15_000);

    const { body } = await auth.ask('POST', '/auth/login', {
      body: {
        email: (
          await server().admin.query<RowDataPacket[]>('SELECT email FROM users WHERE id = ?', [id])
        )[0][0]?.email,
        password: 'sléibhte is farraige',
      },
    });
    const seen = await auth.ask('GET', '/auth/spotify', { token: body.token });
    t.like(seen.body, { state: 'broken', account: { problem: 'access_revoked' } });
    t.is(seen.body.taste.artists.length, JSON.parse(artists).length);
    t.is((await auth.ask('GET', '/auth/me', { token: body.token })).body.spotify, 'broken');
    const sync = await auth.ask('POST', '/auth/spotify/sync', { token: body.token });
    t.deepEqual([sync.status, sync.body.code], [409, 'spotify_link_broken']);
    t.is(await new TestBrowser(auth).link(body.token, who.id), 'linked');
    t.like(await linkOf(id), { state: 'active', problem: null });
    t.truthy(token);
  },
);

test.serial(
  'sync – asked for, with a key twice, without a link, too often – is one more call, and no more than that',
  async (t) => {
    const { auth, token, id, calls } = await linked(t);
    const headers = { 'idempotency-key': 'sync-once-1' };
    const first = await auth.ask('POST', '/auth/spotify/sync', { token, headers });
    await until(() => calls.length === 1, 10_000);
    await until(async () => (await linkOf(id)).claim === null);
    const again = await auth.ask('POST', '/auth/spotify/sync', { token, headers });
    t.deepEqual([first.status, again.status], [202, 202]);
    t.is(again.headers.get('idempotent-replayed'), 'true');
    await sleep(2_500);
    t.is(calls.length, 1);
    const stranger = await newUser(auth);
    const none = await auth.ask('POST', '/auth/spotify/sync', { token: stranger.token });
    t.deepEqual([none.status, none.body.code], [409, 'spotify_not_linked']);
    const many = await Promise.all(
      Array.from({ length: 8 }, () => auth.ask('POST', '/auth/spotify/sync', { token })),
    );
    t.is(many.filter(({ status }) => status === 202).length, 5);
  },
);

test.serial(
  'sync – a penalty that one replica met – keeps all of them still for as long as Spotify says',
  async (t) => {
    const { id, calls, faults } = await linked(t, { replicas: 2 });
    faults.add({
      source: 'spotify',
      path: '/top/artists',
      kind: 'status',
      status: 429,
      retryAfter: 600,
    });
    await dueNow(id);
    await ended(id);
    t.is(calls.length, 1);
    t.like(await linkOf(id), { problem: 'spotify_paused', failures: 0 });
    t.true((await linkOf(id)).next_sync_at.getTime() > Date.now() + 590_000);
    await dueNow(id);
    await ended(id);
    t.is(calls.length, 1);
  },
);

test.serial('unlink – while the taste is fetched – leaves nothing behind', async (t) => {
  const { auth, token, id, calls, faults } = await linked(t);
  faults.add({ source: 'spotify', path: '/top/artists', kind: 'slow', ms: 1_000 });
  await dueNow(id);
  await until(() => calls.length === 1, 10_000);
  t.is((await auth.ask('DELETE', '/auth/spotify', { token })).status, 204);
  await sleep(1_500);
  t.deepEqual(await linkOf(id), {});
  const [tastes] = await server().admin.query('SELECT 1 FROM spotify_tastes');
  t.deepEqual(tastes, []);
});

test.serial(
  'keys – a new one before the old one – encrypts what is used, and the command all the rest; the old one may then go',
  async (t) => {
    const { id, time, spotify } = await linked(t, { keys: [testKey('old')] });
    t.is((await linkOf(id)).key_id, 'old');
    const keys = [testKey('newer'), testKey('old')];
    await startLinking(t, server(), { spotify, now: () => time.at, keys });
    await until(async () => {
      await dueNow(id);
      return (await linkOf(id)).key_id === 'newer';
    }, 20_000);

    const database = openDatabase({
      ...{ config: server().config, log: silentLog('test'), connections: 1 },
    });
    t.teardown(() => database.close());
    const newest = testKey('newest');
    const alone = await reencryptTokens(database, createTokenBox([newest]));
    t.deepEqual(alone, { done: 0, unreadable: [id] });
    const both = createTokenBox([newest, testKey('newer')]);
    t.deepEqual(await reencryptTokens(database, both), { done: 1, unreadable: [] });
    t.deepEqual(await reencryptTokens(database, both), { done: 0, unreadable: [] });
    const { tokens, spotify_id: spotifyId, key_id: keyId } = await linkOf(id);
    const opened = createTokenBox([newest]).open(
      { keyId, bytes: tokens },
      { userId: id, spotifyId },
    );
    t.regex(opened.refresh, /^AQ/);
  },
);
