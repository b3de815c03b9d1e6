import { contract as djs } from '@whatsthecraic/dj-service/contract';
import { contract as events } from '@whatsthecraic/events-service/contract';
import type { Log } from '@whatsthecraic/platform/log';
import { Answer, type Input } from '@whatsthecraic/platform/route';
import { ownHeaders } from '@whatsthecraic/platform/upstream/own-headers';
import { parseAnswer } from '@whatsthecraic/platform/upstream/parse-answer';
import type { Upstream } from '@whatsthecraic/platform/upstream/upstream';
import { contract as venues } from '@whatsthecraic/venue-service/contract';
import { readJson } from '../domain/read-json.ts';
import type { SharedReads } from '../domain/shared-reads.ts';
import type { contract, Gig } from './contract.ts';

export interface GigSources {
  readonly events: Upstream;
  readonly dj: Upstream;
  readonly venue: Upstream;
  readonly reads: SharedReads;
  readonly log: Log;
  /** How long the answer waits for what only adds to it. */
  readonly patienceMs: number;
}

/**
 * Events are the answer, and without them there is none. Venues and DJs are asked at once after them,
 * and one that is late or away is left out and named.
 */
export function createListGigs(sources: GigSources) {
  const { reads, log, patienceMs } = sources;

  return async function listGigs({ query }: Input<typeof contract.listGigs>) {
    const { genre, genres, limit, priceMax, ...rest } = query;
    const page = await readJson({
      reads,
      upstream: sources.events,
      path: events.searchEvents.path,
      query: {
        ...rest,
        genres: genres?.join(',') ?? genre,
        limit: String(limit),
        priceMax: priceMax?.toString(),
      },
      schema: events.searchEvents.response.body,
      headers: ownHeaders(),
    });
    const ids = [...new Set(page.events.flatMap(({ venue }) => venue?.id ?? []))];
    const titles = page.events.map(({ title }) => title);
    const [places, people] = await Promise.all([
      attempt(sources.venue, () => findVenues(sources, ids)),
      attempt(sources.dj, () => findMentions(sources.dj, titles)),
    ]);
    const byId = new Map(places?.map((venue) => [venue.id, venue]));
    const gigs = page.events.map(({ venue, ...event }, index): Gig => {
      const known = venue?.id ? byId.get(venue.id) : undefined;
      const { address = null, capacity = null, position = null } = known ?? {};
      return {
        ...event,
        venue: venue && { id: venue.id, name: venue.name, address, capacity, position },
        djs: people?.[index] ?? [],
      };
    });
    const degraded = [
      ...(places ? [] : [sources.venue.name]),
      ...(people ? [] : [sources.dj.name]),
    ];
    const { nextCursor, hasMore } = page;
    const body = { gigs, nextCursor, hasMore, degraded };
    // What lacks something must not be kept by anyone.
    return degraded.length > 0
      ? new Answer(body, { headers: { 'Cache-Control': 'no-store' } })
      : body;
  };

  async function attempt<T>({ name }: Upstream, ask: () => Promise<T>): Promise<T | undefined> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new Error('late')), patienceMs);
    try {
      return await Promise.race([ask(), late.promise]);
    } catch (error) {
      log.warn({ err: error, upstream: name }, 'gigs are incomplete');
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
}

async function findVenues({ venue, reads }: GigSources, ids: readonly number[]) {
  if (ids.length === 0) return [];
  const { path, response } = venues.venuesById;
  const query = { ids: ids.toSorted((a, b) => a - b).join(',') };
  const headers = ownHeaders();
  return (await readJson({ reads, upstream: venue, path, query, schema: response.body, headers }))
    .venues;
}

async function findMentions(dj: Upstream, texts: readonly string[]) {
  if (texts.length === 0) return [];
  const { path, response } = djs.findMentions;
  const answer = await dj.send({
    method: 'POST',
    path,
    headers: { ...ownHeaders(), 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify({ texts })),
  });
  return parseAnswer(dj.name, answer.status, await answer.body.text(), response.body).mentions;
}
