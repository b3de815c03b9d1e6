import test, { type ExecutionContext } from 'ava';
import { createSourcesServer } from '../../../../local/sources/server.ts';
import { createSpotify } from '../../../../local/sources/spotify/index.ts';
import { gigsOf } from '../../../../local/sources/world.ts';
import { Secret } from '../../../platform/src/secret.ts';
import {
  testServerConfig,
  testVerifier,
  useDatabase,
} from '../../../platform/test/helpers/database.ts';
import { as, makePeople, senderTo } from '../../../platform/test/helpers/keepers.ts';
import { silentLog, startReady } from '../../../platform/test/helpers/service.ts';
import { until } from '../../../platform/test/helpers/start.ts';
import { createEventsService } from '../../src/app.ts';

const server = useDatabase(test);
test.afterEach.always(() => server().admin.query('DELETE FROM api_penalties'));

type Artists = { readonly artists: { id: string; name: string }[]; readonly stale: boolean };

const names = [...new Set(gigsOf(new Date(), 20).map(({ act }) => act))];

async function startSpotify(t: ExecutionContext) {
  const spotify = createSourcesServer([createSpotify()]);
  const sourcesUrl = await spotify.listen();
  t.teardown(() => spotify.close());
  const lookups = () => spotify.calls.filter((it) => it.includes('/v1/search'));
  return { ...spotify, sourcesUrl, lookups };
}

const app = (sourcesUrl: string | null, clientSecret = 'secret') => {
  const spotify = { clientId: 'id', clientSecret: new Secret(clientSecret) };
  const mlServiceUrl = 'http://127.0.0.1:9';
  const config = { ...testServerConfig, database: server().config, tokens: testVerifier };
  const overrides = { checkResponses: true, log: silentLog('events-service') };
  return createEventsService({ ...config, mlServiceUrl, sourcesUrl, spotify }, overrides);
};

async function startReplica(t: ExecutionContext, sourcesUrl: string | null, secret?: string) {
  await makePeople(server());
  const { url, json } = await startReady(t, app(sourcesUrl, secret));
  const search = (q: string, headers: Readonly<Record<string, string>> = as('user')) =>
    senderTo(url)('GET', `/events/spotify/search?${new URLSearchParams({ q })}`, headers);
  return { search, stats: () => json<Record<string, unknown>>('/spotify/cache-stats'), url };
}

test.serial(
  'spotify search – somebody signed in – gets the artists of that name, the second time from memory',
  async (t) => {
    const spotify = await startSpotify(t);
    const { search, stats } = await startReplica(t, spotify.sourcesUrl);
    const [name = ''] = names;

    const first = await search(name);
    t.is(first.status, 200, JSON.stringify(first.body));
    const { artists, stale } = first.body as unknown as Artists;
    t.true(artists.some((it) => it.name === name));
    t.false(stale);
    const again = await search(` ${name.toUpperCase()}`);
    t.deepEqual(again.body, first.body);
    t.is(spotify.lookups().length, 1);
    t.deepEqual(await stats(), {
      size: 1,
      validEntries: 1,
      expiredEntries: 0,
      queueLength: 0,
      isProcessing: false,
    });
  },
);

test.serial(
  'spotify search – nobody, and no name – is turned away before Spotify hears of it',
  async (t) => {
    const spotify = await startSpotify(t);
    const { search } = await startReplica(t, spotify.sourcesUrl);

    t.is((await search('u2', {})).status, 401);
    const { status, body } = await search('   ');
    t.deepEqual([status, body.code], [400, 'invalid_request']);
    t.is(spotify.calls.length, 0);
  },
);

test.serial(
  '7.A-27 spotify search – without credentials, or with wrong ones – says what to do, and is no 401',
  async (t) => {
    const spotify = await startSpotify(t);
    const config = { ...testServerConfig, database: server().config, tokens: testVerifier };
    const none = createEventsService(
      {
        ...config,
        mlServiceUrl: 'http://127.0.0.1:9',
        sourcesUrl: spotify.sourcesUrl,
        spotify: { clientId: 'id', clientSecret: null },
      },
      { checkResponses: true, log: silentLog('events-service') },
    );
    const { url } = await startReady(t, none);
    const answer = await senderTo(url)('GET', '/events/spotify/search?q=u2', as('user'));
    t.deepEqual([answer.status, answer.body.code], [503, 'spotify_not_configured']);
    t.regex(String(answer.body.detail), /SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET/);
    t.is(spotify.calls.length, 0);

    const { search } = await startReplica(t, spotify.sourcesUrl, 'wrong');
    for (let i = 0; i < 3; i++) {
      const { status, body } = await search(`u${i}`);
      t.deepEqual([status, body.code], [503, 'spotify_refuses_us']);
    }
    t.is(spotify.calls.length, 1);
  },
);

test.serial(
  'spotify search – a penalty that one replica met – keeps the other and the next one away',
  async (t) => {
    const spotify = await startSpotify(t);
    const one = await startReplica(t, spotify.sourcesUrl);
    const two = await startReplica(t, spotify.sourcesUrl);
    const [first = '', second = '', third = ''] = names;
    t.is((await two.search(first)).status, 200);
    spotify.faults.add({
      source: 'spotify',
      path: '/search',
      kind: 'status',
      status: 429,
      retryAfter: 3_600,
    });

    const met = await one.search(second);
    t.deepEqual([met.status, met.body.code], [503, 'spotify_paused']);
    const before = spotify.calls.length;
    const other = await two.search(second);
    t.deepEqual([other.status, other.body.code], [503, 'spotify_paused']);
    t.true(Number(other.headers.get('retry-after')) > 3_590);
    t.is((await two.search(first)).status, 200, 'what is known stays known');
    const three = await startReplica(t, spotify.sourcesUrl);
    t.is((await three.search(third)).status, 503);
    // A token alone was asked for by neither.
    t.is(spotify.calls.length, before);
  },
);

test.serial(
  '7.C-5 spotify search – its answers broken in any way – are a 502 or 504 in time, and the next one works',
  async (t) => {
    const spotify = await startSpotify(t);
    const { search, stats } = await startReplica(t, spotify.sourcesUrl);
    // The silent one last: it holds the line beyond its caller's deadline, and who comes next would wait with it.
    for (const kind of ['garbage', 'cut', 'huge', 'status', 'silent'] as const) {
      spotify.faults.add({ source: 'spotify', path: '/search', kind });
      const { status } = await search(`broken ${kind}`);
      t.is(status, kind === 'silent' ? 504 : 502, kind);
    }
    // Given up after 5 s of its own, the silent call holds nobody up for longer.
    await until(async () => !(await stats()).isProcessing);
    t.is((await search('mended')).status, 200);
  },
);
