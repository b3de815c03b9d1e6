import { RateWindow } from '../rate-window.ts';
import type { Call, Reply, StandIn } from '../stand-in.ts';
import { gigsOf } from '../world.ts';
import { type Access, Accounts } from './accounts.ts';
import { createListeners, type Listener } from './listeners.ts';

interface Options {
  /** Spotify does not publish its number; it counts 30 seconds: https://developer.spotify.com/documentation/web-api/concepts/rate-limits */
  readonly perWindow?: number;
  /** How long an access token lives. */
  readonly tokenSeconds?: number;
  /** How long an answer takes. */
  readonly answerMs?: number;
  /** Whether each refresh replaces the refresh token. */
  readonly rotates?: boolean;
}

export interface SpotifyStandIn extends StandIn {
  /** Who has an account there; a test may change whom they hear. */
  readonly listeners: readonly Listener[];
  /** Somebody takes their permission back: refresh tokens are refused from then on. */
  revoke(listener: Listener): void;
}

const WINDOW_MS = 30_000;
const WORLD_DAYS = 60;
/** In development mode: https://developer.spotify.com/documentation/web-api/references/changes/february-2026 */
const MOST_FOUND = 10;
const USUALLY_FOUND = 5;

/** Spotify's accounts and Web API for an app in development mode: tokens, search, artists, listeners. */
export function createSpotify(options: Options = {}): SpotifyStandIn {
  const { perWindow = 150, tokenSeconds = 3_600, answerMs = 0, rotates = true } = options;
  const window = new RateWindow(perWindow, WINDOW_MS);
  const names = actsOf(Date.now()).map(({ name }) => name);
  const listeners = createListeners(names.slice(0, 60));
  const accounts = new Accounts({ listeners, tokenSeconds, rotates });

  function answer(call: Call): Reply {
    if (call.path.startsWith('/accounts/')) return accounts.answer(call);
    const token = /^Bearer (.+)$/.exec(String(call.headers.authorization ?? ''))?.[1];
    if (token === undefined) return refuse(401, 'No token provided');
    const access = accounts.access(token);
    if (access === undefined) return refuse(401, 'Invalid access token');
    if (access.expiresAt <= call.now) return refuse(401, 'The access token expired');
    if (!window.allows(call.now)) return limited(call.now);
    const [, id] = /^\/api\/v1\/artists\/([^/]+)$/.exec(call.path) ?? [];
    if (id !== undefined) return artistOf(id, call.now);
    if (call.path === '/api/v1/search') return search(call);
    if (/^\/api\/v1\/me(?:\/|$)/.test(call.path)) return aboutMe(call, access);
    // What was closed in 2024 and 2026 answers like what never was.
    return refuse(404, 'Service not found');
  }

  function limited(now: number): Reply {
    const seconds = Math.ceil((window.left(now).resetAt - now) / 1_000);
    const headers = { 'retry-after': String(Math.max(1, seconds)) };
    return { ...refuse(429, 'API rate limit exceeded'), headers };
  }

  return {
    name: 'spotify',
    listeners,
    revoke: (listener) => accounts.revoke(listener),
    async answer(call) {
      if (answerMs > 0) await new Promise((resolve) => setTimeout(resolve, answerMs));
      return answer(call);
    },
  };
}

const refuse = (status: number, message: string): Reply => ({
  status,
  body: { error: { status, message } },
});

/** Questions in a listener's name; an app's own token opens none of them. */
function aboutMe({ path, query, now }: Call, { listener, scopes }: Access): Reply {
  if (!listener) return refuse(401, 'Valid user authentication required');
  const { id, name, tops } = listener;
  if (path === '/api/v1/me') {
    const uri = `spotify:user:${id}`;
    const external_urls = { spotify: `https://open.spotify.com/user/${encodeURIComponent(id)}` };
    const body = { id, display_name: name, type: 'user', uri, href: '', images: [], external_urls };
    return { status: 200, body };
  }
  if (path !== '/api/v1/me/top/artists') return refuse(404, 'Service not found');
  if (!scopes.includes('user-top-read')) return refuse(403, 'Insufficient client scope');
  const limit = Number(query.get('limit') ?? 20);
  const offset = Number(query.get('offset') ?? 0);
  if (!(Number.isInteger(limit) && limit >= 1 && limit <= 50)) return refuse(400, 'Invalid limit');
  if (!/^(?:short|medium|long)_term$/.test(query.get('time_range') ?? 'medium_term')) {
    return refuse(400, 'Invalid time_range');
  }
  const known = new Map(actsOf(now).map((act) => [act.name, act]));
  const items = tops
    .slice(offset, offset + limit)
    .map((act) => artist(known.get(act) ?? { name: act, genre: 'Rock' }));
  const page = { href: '', limit, offset, next: null, previous: null, total: tops.length };
  return { status: 200, body: { ...page, items } };
}

function search({ query, now }: Call): Reply {
  const q = (query.get('q') ?? '').trim();
  const limit = Number(query.get('limit') ?? USUALLY_FOUND);
  if (q === '') return refuse(400, 'No search query');
  if (query.get('type') !== 'artist') return refuse(400, 'Bad search type field');
  if (!(Number.isInteger(limit) && limit >= 1 && limit <= MOST_FOUND)) {
    return refuse(400, 'Invalid limit');
  }
  const wanted = folded(q);
  const found = actsOf(now).filter(({ name }) => folded(name).includes(wanted));
  const items = found.slice(0, limit).map(artist);
  const artists = {
    href: '',
    items,
    limit,
    next: null,
    offset: 0,
    previous: null,
    total: found.length,
  };
  return { status: 200, body: { artists } };
}

function artistOf(id: string, now: number): Reply {
  const found = actsOf(now).find(({ name }) => idOf(name) === id);
  return found ? { status: 200, body: artist(found) } : refuse(404, 'Resource not found');
}

interface Act {
  readonly name: string;
  readonly genre: string;
}

/** Whoever plays somewhere in these weeks is known to Spotify too, once by each name. */
function actsOf(now: number): readonly Act[] {
  const gigs = gigsOf(new Date(now), WORLD_DAYS);
  return [...new Map(gigs.map(({ act, genre }) => [act, { name: act, genre }])).values()];
}

const folded = (text: string) => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** 22 characters, as Spotify's ids have. */
const idOf = (name: string) =>
  Buffer.from(name).toString('base64url').replaceAll(/[-_]/g, '0').padEnd(22, '0').slice(0, 22);

/** Without followers and popularity, which apps in development mode no longer see. */
const artist = ({ name, genre }: Act) => ({
  id: idOf(name),
  name,
  type: 'artist',
  uri: `spotify:artist:${idOf(name)}`,
  href: `https://api.spotify.com/v1/artists/${idOf(name)}`,
  genres: genre === 'Undefined' ? [] : [genre.toLowerCase()],
  images: [640, 320, 160].map((width) => ({
    url: `https://i.scdn.example/image/${idOf(name)}-${width}`,
    width,
    height: width,
  })),
  external_urls: { spotify: `https://open.spotify.com/artist/${idOf(name)}` },
});
