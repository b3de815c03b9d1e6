import { utcOf } from '../irish-clock.ts';
import { RateWindow } from '../rate-window.ts';
import type { Call, Reply, StandIn } from '../stand-in.ts';
import { type Gig, gigsOf, venueNumber } from '../world.ts';

interface Options {
  /** https://www.eventbrite.com/platform/docs/rate-limits */
  readonly perHour?: number;
  readonly pageSize?: number;
  /** The gigs that there are, in place of the invented ones. */
  readonly gigs?: (now: number) => readonly Gig[];
}

const HOUR_MS = 3_600_000;
const WINDOW_DAYS = 200;
/** Promoters; each venue belongs to one. */
export const ORGANIZATIONS: readonly string[] = ['410000000001', '410000000002', '410000000003'];

/** API v3, without the public search, which has been switched off: https://www.eventbrite.com/platform/api */
export function createEventbrite(options: Options = {}): StandIn {
  const { perHour = 1_000, pageSize = 50 } = options;
  const gigs =
    options.gigs ??
    ((now: number) => gigsOf(new Date(now), WINDOW_DAYS).filter(({ share }) => share >= 70));
  const hour = new RateWindow(perHour, HOUR_MS);
  return {
    name: 'eventbrite',
    answer(call) {
      const token = /^Bearer (.+)$/.exec(String(call.headers.authorization ?? ''))?.[1];
      if (!token) return fault(401, 'NO_AUTH', 'Authentication not provided.');
      if (token === 'wrong')
        return fault(401, 'INVALID_AUTH', 'Authentication/OAuth token is invalid.');
      if (!hour.allows(call.now)) {
        return fault(429, 'HIT_RATE_LIMIT', 'Your application has hit the rate limit.');
      }
      const { available, resetAt } = hour.left(call.now);
      const used = perHour - available;
      const reset = Math.ceil((resetAt - call.now) / 1_000);
      const headers = { 'x-rate-limit': `token:STANDIN ${used}/${perHour} reset=${reset}s` };
      return { ...route(call, gigs(call.now), pageSize), headers };
    },
  };
}

const fault = (status_code: number, error: string, error_description: string): Reply => ({
  status: status_code,
  body: { status_code, error, error_description },
});

function route(call: Call, gigs: readonly Gig[], pageSize: number): Reply {
  const { path, query } = call;
  if (path === '/v3/users/me/organizations/') {
    const organizations = ORGANIZATIONS.map((id) => ({ id, name: `Promoter ${id.slice(-1)}` }));
    return { status: 200, body: { pagination: pagination(organizations.length), organizations } };
  }
  const [, kind, id = ''] = /^\/v3\/(organizations|venues)\/([^/]+)\/events\/$/.exec(path) ?? [];
  const isKnown = kind === 'venues' || ORGANIZATIONS.includes(id);
  // The search of old answers like what never was.
  if (!kind || !isKnown) {
    return fault(404, 'NOT_FOUND', 'The path you requested does not exist.');
  }
  const owns = (gig: Gig) => (kind === 'venues' ? venueId(gig) === id : organizationId(gig) === id);
  const statuses = (query.get('status') ?? 'all').split(',');
  const from = query.get('start_date.range_start') ?? new Date(call.now).toISOString().slice(0, 10);
  const to = query.get('start_date.range_end') ?? '9999';
  const found = gigs
    .filter((gig) => owns(gig) && gig.date >= from && gig.date <= to)
    .filter((gig) => statuses.some((it) => it === 'all' || it === statusOf(gig)))
    .toSorted((a, b) => utcOf(a).localeCompare(utcOf(b)) || a.id.localeCompare(b.id));
  const begin = Number(query.get('continuation') ?? 0);
  if (!Number.isInteger(begin)) {
    return fault(400, 'BAD_CONTINUATION_TOKEN', 'Continuation token is invalid.');
  }
  const expand = (query.get('expand') ?? '').split(',');
  return {
    status: 200,
    body: {
      pagination: pagination(found.length, begin, pageSize),
      events: found.slice(begin, begin + pageSize).map((gig) => event(gig, expand)),
    },
  };
}

function pagination(count: number, begin = 0, size = 50) {
  const isMore = begin + size < count;
  return {
    object_count: count,
    page_number: Math.floor(begin / size) + 1,
    page_size: size,
    page_count: Math.ceil(count / size),
    has_more_items: isMore,
    ...(isMore ? { continuation: String(begin + size) } : {}),
  };
}

const venueId = (gig: Gig) => String(70_000_000 + venueNumber(gig));
const organizationId = (gig: Gig) => ORGANIZATIONS[venueNumber(gig) % ORGANIZATIONS.length];
const statusOf = ({ status }: Gig) => (status === 'cancelled' ? 'canceled' : 'live');

function event(gig: Gig, expand: readonly string[]) {
  const timezone = gig.currency === 'GBP' ? 'Europe/London' : 'Europe/Dublin';
  const end = { date: gig.date, time: '23:30:00' };
  const cost = (value: number) => ({
    currency: gig.currency,
    value: value * 100,
    major_value: value.toFixed(2),
    display: `${value.toFixed(2)} ${gig.currency}`,
  });
  const time = (at: { date: string; time: string }) => ({
    timezone,
    local: `${at.date}T${at.time}`,
    utc: utcOf(at),
  });
  return {
    id: `EB${gig.id.replace(/\D/g, '')}${venueNumber(gig)}`,
    name: { text: `${gig.act} live at ${gig.venue}`, html: `${gig.act} live at ${gig.venue}` },
    summary: `${gig.genre === 'Undefined' ? 'A night' : gig.genre} with ${gig.act}.`,
    url: `https://www.eventbrite.example/e/${gig.id}`,
    start: time(gig),
    end: time(end),
    status: statusOf(gig),
    currency: gig.currency,
    is_free: gig.share === 99,
    online_event: false,
    logo: { url: `https://img.evbuc.example/${gig.id}.jpg` },
    venue_id: venueId(gig),
    organization_id: organizationId(gig),
    ...(expand.includes('subcategory') && gig.genre !== 'Undefined'
      ? { subcategory: { id: '3008', name: gig.genre } }
      : {}),
    ...(expand.includes('ticket_availability')
      ? {
          ticket_availability: {
            minimum_ticket_price: cost(gig.price),
            maximum_ticket_price: cost(gig.price + 8),
          },
        }
      : {}),
    ...(expand.includes('venue')
      ? {
          venue: {
            id: venueId(gig),
            name: gig.venue,
            latitude: String(gig.latitude),
            longitude: String(gig.longitude),
            address: { address_1: gig.address, city: gig.city, country: 'IE' },
          },
        }
      : {}),
  };
}
