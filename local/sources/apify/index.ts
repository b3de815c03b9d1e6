import { setTimeout as sleep } from 'node:timers/promises';
import { withOffset } from '../irish-clock.ts';
import { RateWindow } from '../rate-window.ts';
import type { Call, Reply, StandIn } from '../stand-in.ts';
import { type Gig, gigsOf } from '../world.ts';

interface Options {
  /** For each resource: https://docs.apify.com/api/v2#rate-limiting */
  readonly perSecond?: number;
  /** How long a run is at work. */
  readonly runMs?: number;
  /** How long an answer waits for the end of a run at most. */
  readonly longestWaitMs?: number;
  /** How runs end. */
  readonly ending?: 'SUCCEEDED' | 'FAILED';
  /** The gigs that there are, in place of the invented ones. */
  readonly gigs?: (now: number) => readonly Gig[];
}

interface Run {
  readonly id: string;
  readonly startedAt: number;
  readonly input: {
    readonly query?: string;
    readonly maxItems?: number;
    readonly dateFrom?: string;
    readonly dateUntil?: string;
  };
  readonly items: readonly unknown[];
}

const WINDOW_DAYS = 200;

/** Apify’s API as far as an actor is run by it; the actor reads Dice’s pages. Each run counts as paid. */
export function createApify(options: Options = {}): StandIn & { readonly paid: () => number } {
  const { perSecond = 60, runMs = 1_500, longestWaitMs = 60_000, ending = 'SUCCEEDED' } = options;
  const gigs =
    options.gigs ??
    ((now: number) => gigsOf(new Date(now), WINDOW_DAYS).filter(({ share }) => share >= 40));
  const second = new RateWindow(perSecond, 1_000);
  const runs: Run[] = [];

  const shape = ({ id, startedAt }: Run, now: number) => {
    const isOver = now >= startedAt + runMs;
    return {
      id,
      actId: 'dice',
      status: isOver ? ending : 'RUNNING',
      startedAt: new Date(startedAt).toISOString(),
      finishedAt: isOver ? new Date(startedAt + runMs).toISOString() : null,
      defaultDatasetId: `d-${id}`,
      defaultKeyValueStoreId: `k-${id}`,
    };
  };

  function start({ body, now }: Call): Reply {
    const input = JSON.parse(body || '{}') as Run['input'];
    const city = input.query?.toLowerCase();
    const { dateFrom = '', dateUntil = '9999' } = input;
    const found = gigs(now).filter(
      (gig) => gig.city.toLowerCase() === city && gig.date >= dateFrom && gig.date <= dateUntil,
    );
    const items = found.slice(0, input.maxItems ?? 1_000).map(item);
    const run = { id: `run${runs.length + 1}`, startedAt: now, input, items };
    runs.push(run);
    return { status: 201, body: { data: shape(run, now) } };
  }

  async function answer(call: Call): Promise<Reply> {
    const { method, path, query, now } = call;
    if (/^\/v2\/acts\/[^/]+\/runs$/.test(path)) {
      if (method === 'POST') return start(call);
      const newest = runs.toReversed().slice(0, Number(query.get('limit') ?? 1_000));
      const items = newest.map((run) => shape(run, now));
      return { status: 200, body: { data: { total: runs.length, count: items.length, items } } };
    }
    const [, kind, id, rest = ''] =
      /^\/v2\/(actor-runs|datasets|key-value-stores)\/(?:[dk]-)?([^/]+)(\/.+)?$/.exec(path) ?? [];
    const run = runs.find((it) => it.id === id);
    if (!run) return fault(404, 'record-not-found', `${kind ?? 'It'} was not found`);
    if (kind === 'key-value-stores' && rest === '/records/INPUT') {
      return { status: 200, body: run.input };
    }
    if (kind === 'datasets' && rest === '/items') {
      const offset = Number(query.get('offset') ?? 0);
      const limit = Number(query.get('limit') ?? run.items.length);
      return {
        status: 200,
        headers: { 'x-apify-pagination-total': String(run.items.length) },
        body: run.items.slice(offset, offset + limit),
      };
    }
    if (kind !== 'actor-runs' || rest !== '') return fault(404, 'page-not-found', 'No such page');
    const patience = Math.min(longestWaitMs, Number(query.get('waitForFinish') ?? 0) * 1_000);
    const waited = Math.max(0, Math.min(patience, run.startedAt + runMs - now));
    await sleep(waited);
    return { status: 200, body: { data: shape(run, now + waited) } };
  }

  return {
    name: 'dice',
    paid: () => runs.length,
    async answer(call) {
      const token = /^Bearer (.+)$/.exec(String(call.headers.authorization ?? ''))?.[1];
      if (!token || token === 'wrong') {
        const message = 'User was not found or authentication token is not valid';
        return fault(401, 'user-or-token-not-found', message);
      }
      if (!second.allows(call.now)) {
        const message = `You have exceeded the rate limit of ${perSecond} requests per second`;
        return fault(429, 'rate-limit-exceeded', message);
      }
      return answer(call);
    },
  };
}

const fault = (status: number, type: string, message: string): Reply => ({
  status,
  body: { error: { type, message } },
});

const STATUS: Readonly<Record<Gig['status'], string>> = {
  onsale: 'on-sale',
  cancelled: 'cancelled',
  postponed: 'postponed',
  rescheduled: 'on-sale',
};

function item(gig: Gig) {
  const sign = gig.currency === 'GBP' ? '£' : '€';
  return {
    id: `dice-${gig.id}`,
    name: gig.support ? `${gig.act} + ${gig.support}` : gig.act,
    date: withOffset(gig),
    doorsOpenDate: withOffset(gig),
    venue: `${gig.venue}, ${gig.city}`,
    city: gig.city,
    location: { lat: gig.latitude, lng: gig.longitude },
    url: `https://dice.example/event/${gig.id}`,
    image: `https://dice-media.example/${gig.id}.jpg`,
    status: STATUS[gig.status],
    ageRestriction: gig.share % 3 === 0 ? 'This is an 18+ event' : 'All ages',
    price: `${sign}${gig.price}.50 - ${sign}${gig.price + 6}.00`,
    tags: gig.genre === 'Undefined' ? ['gig:other'] : [`gig:${gig.genre.toLowerCase()}`],
    lineup: [gig.act, ...(gig.support ? [gig.support] : [])].map((name) => ({ name })),
  };
}
