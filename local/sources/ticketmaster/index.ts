import { utcOf } from '../irish-clock.ts';
import { RateWindow } from '../rate-window.ts';
import type { Call, Reply, StandIn } from '../stand-in.ts';
import { type Gig, gigsOf } from '../world.ts';

interface Options {
  /** https://developer.ticketmaster.com/products-and-docs/apis/getting-started/#rate-limit */
  readonly perSecond?: number;
  readonly perDay?: number;
  /** The gigs that there are, in place of the invented ones. */
  readonly gigs?: (now: number) => readonly Gig[];
}

const DAY_MS = 86_400_000;
const WINDOW_DAYS = 200;

/** The Discovery API: https://developer.ticketmaster.com/products-and-docs/apis/discovery-api/v2/ */
export function createTicketmaster(options: Options = {}): StandIn {
  const { perSecond = 5, perDay = 5_000 } = options;
  const gigs =
    options.gigs ??
    ((now: number) => gigsOf(new Date(now), WINDOW_DAYS).filter(({ share }) => share < 80));
  const second = new RateWindow(perSecond, 1_000);
  const day = new RateWindow(perDay, DAY_MS);
  return {
    name: 'ticketmaster',
    answer(call) {
      if (!call.query.get('apikey')) return fault(401, 'Invalid ApiKey', 'InvalidApiKey');
      if (!second.allows(call.now)) {
        return fault(429, 'Spike arrest violation', 'policies.ratelimit.SpikeArrestViolation');
      }
      if (!day.allows(call.now)) {
        return fault(429, 'Rate limit quota violation', 'policies.ratelimit.QuotaViolation');
      }
      const { available, resetAt } = day.left(call.now);
      const headers = {
        'rate-limit': String(perDay),
        'rate-limit-available': String(available),
        'rate-limit-reset': String(resetAt),
      };
      if (call.path !== '/discovery/v2/events.json') return { status: 404, headers };
      return { ...search(call, gigs(call.now)), headers };
    },
  };
}

const fault = (status: number, faultstring: string, errorcode: string): Reply => ({
  status,
  body: { fault: { faultstring, detail: { errorcode } } },
});

const refuse = (code: string, detail: string): Reply => ({
  status: 400,
  body: { errors: [{ code, detail, status: '400' }] },
});

function search({ query }: Call, gigs: readonly Gig[]): Reply {
  const size = Number(query.get('size') ?? 20);
  const page = Number(query.get('page') ?? 0);
  if (size > 200) return refuse('DIS1016', 'Query param size must be lower than 200');
  // https://developer.ticketmaster.com: "we only support retrieving the 1000th item".
  if (size * page >= 1_000) {
    return refuse(
      'DIS1035',
      'API Limits Exceeded: Max paging depth exceeded. (page * size) must be less than 1,000',
    );
  }
  const from = query.get('startDateTime') ?? '';
  const to = query.get('endDateTime') ?? '9999';
  for (const time of [from, to === '9999' ? '' : to]) {
    if (time && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(time)) {
      return refuse(
        'DIS1015',
        'Query param with date must be of valid format YYYY-MM-DDTHH:mm:ssZ',
      );
    }
  }
  const city = query.get('city')?.toLowerCase();
  const found = gigs
    .map((gig) => ({ gig, at: utcOf(gig) }))
    .filter(({ gig, at }) => at >= from && at <= to && (!city || gig.city.toLowerCase() === city))
    .toSorted((a, b) => a.at.localeCompare(b.at) || a.gig.id.localeCompare(b.gig.id));
  const events = found.slice(page * size, (page + 1) * size).map(({ gig, at }) => event(gig, at));
  return {
    status: 200,
    body: {
      ...(events.length > 0 ? { _embedded: { events } } : {}),
      page: {
        size,
        totalElements: found.length,
        totalPages: Math.ceil(found.length / size),
        number: page,
      },
    },
  };
}

function event(gig: Gig, dateTime: string) {
  return {
    name: gig.support ? `${gig.act} with ${gig.support}` : gig.act,
    type: 'event',
    id: `TM-${gig.id}`,
    url: `https://www.ticketmaster.example/event/TM-${gig.id}`,
    ageRestrictions: { legalAgeEnforced: gig.share % 3 === 0 },
    images: [
      {
        ratio: '16_9',
        url: 'https://s1.ticketm.example/a_RETINA_LANDSCAPE.jpg',
        width: 1136,
        height: 639,
      },
      { ratio: '4_3', url: 'https://s1.ticketm.example/a_CUSTOM.jpg', width: 305, height: 225 },
    ],
    dates: {
      start: {
        localDate: gig.date,
        localTime: gig.time,
        dateTime,
        dateTBD: false,
        dateTBA: false,
        timeTBA: false,
        noSpecificTime: false,
      },
      timezone: gig.currency === 'GBP' ? 'Europe/London' : 'Europe/Dublin',
      status: { code: gig.status },
    },
    classifications: [
      {
        primary: true,
        segment: { name: 'Music' },
        genre: { name: gig.genre },
        subGenre: { name: 'Other' },
      },
    ],
    priceRanges: [{ type: 'standard', currency: gig.currency, min: gig.price, max: gig.price + 5 }],
    _embedded: {
      venues: [
        {
          name: gig.venue,
          city: { name: gig.city },
          country: { countryCode: gig.currency === 'GBP' ? 'GB' : 'IE' },
          address: { line1: gig.address },
          timezone: 'Europe/Dublin',
          location: { longitude: String(gig.longitude), latitude: String(gig.latitude) },
        },
      ],
      attractions: [gig.act, ...(gig.support ? [gig.support] : [])].map((name) => ({ name })),
    },
  };
}
