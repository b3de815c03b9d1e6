import { RateWindow } from '../rate-window.ts';
import type { Call, Reply, StandIn } from '../stand-in.ts';
import { type Gig, gigsOf } from '../world.ts';

interface Options {
  /** It publishes no number; answers like a gateway of AWS when there are too many. */
  readonly perSecond?: number;
  /** The gigs that there are, in place of the invented ones. */
  readonly gigs?: (now: number) => readonly Gig[];
}

const WINDOW_DAYS = 200;

/** The public API: https://app.swaggerhub.com/apis/Bandsintown/PublicAPI/3.0.1 */
export function createBandsintown(options: Options = {}): StandIn {
  const { perSecond = 10 } = options;
  const gigs =
    options.gigs ??
    ((now: number) => gigsOf(new Date(now), WINDOW_DAYS).filter(({ share }) => share % 2 === 0));
  const second = new RateWindow(perSecond, 1_000);
  return {
    name: 'bandsintown',
    answer(call) {
      if (!call.query.get('app_id')) {
        const Message = 'User is not authorized to access this resource with an explicit deny';
        return { status: 403, body: { Message } };
      }
      if (!second.allows(call.now)) return { status: 429, body: { message: 'Limit Exceeded' } };
      const [, name] = /^\/artists\/([^/]+)\/events$/.exec(call.path) ?? [];
      if (name === undefined) {
        return { status: 403, body: { message: 'Missing Authentication Token' } };
      }
      return eventsOf(unescaped(name), call, gigs(call.now));
    },
  };
}

/** What it takes for parts of a path comes escaped twice. */
const unescaped = (name: string) => decodeURIComponent(decodeURIComponent(name));

function eventsOf(name: string, { query }: Call, gigs: readonly Gig[]): Reply {
  const wanted = name.toLowerCase();
  const plays = ({ act, support }: Gig) =>
    [act, support].some((it) => it?.toLowerCase() === wanted);
  const found = gigs.filter(plays);
  if (found.length === 0) {
    return { status: 404, body: { errorMessage: '[NotFound] The artist was not found' } };
  }
  const [from = '', to = from] = (query.get('date') ?? 'upcoming').split(',');
  const isIn = ({ date }: Gig) => from === 'upcoming' || (date >= from && date <= to);
  return { status: 200, body: found.filter(isIn).map((gig) => event(gig, name)) };
}

function event(gig: Gig, artist: string) {
  const url = `https://www.bandsintown.example/e/${gig.id}`;
  return {
    id: `BIT-${gig.id}`,
    artist_id: artist.toLowerCase().replaceAll(' ', '-'),
    url,
    title: '',
    datetime: `${gig.date}T${gig.time}`,
    starts_at: `${gig.date}T${gig.time}`,
    ends_at: '',
    description: gig.support ? `${gig.act}, and ${gig.support} before them.` : '',
    artist: { name: artist, image_url: `https://photos.bandsintown.example/${artist.length}.jpeg` },
    venue: {
      name: gig.venue.replace(/^The /, ''),
      city: gig.city,
      region: '',
      country: gig.currency === 'GBP' ? 'United Kingdom' : 'Ireland',
      latitude: String(gig.latitude),
      longitude: String(gig.longitude),
    },
    lineup: [gig.act, ...(gig.support ? [gig.support] : [])],
    offers: [{ type: 'Tickets', url: `${url}/tickets`, status: 'available' }],
    free: false,
  };
}
