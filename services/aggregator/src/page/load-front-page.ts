import { contract as events } from '@whatsthecraic/events-service/contract';
import { contract as ml } from '@whatsthecraic/ml-service/contract';
import type { Log } from '@whatsthecraic/platform/log';
import type { Upstream } from '@whatsthecraic/platform/upstream/upstream';
import type { z } from 'zod';
import { readJson } from '../domain/read-json.ts';
import type { SharedReads } from '../domain/shared-reads.ts';
import type { FrontPage } from './front-page.ts';

export type EventPage = z.output<typeof events.searchEvents.response.body>;
export type Recommended = z.output<typeof ml.recommend.response.body>;

export interface FrontPageQuery {
  readonly city: string;
  readonly q: string;
  readonly cursor: string | undefined;
}

export interface FrontPageSources {
  readonly events: Upstream;
  readonly ml: Upstream;
  readonly reads: SharedReads;
  readonly log: Log;
}

/** Asks both services at once; what one cannot give is left out, and the page stands. */
export async function loadFrontPage(
  { city, q, cursor }: FrontPageQuery,
  { events: eventsService, ml: mlService, reads, log }: FrontPageSources,
  headers: Readonly<Record<string, string>>,
): Promise<FrontPage> {
  const place = city || undefined;
  const [found, loved] = await Promise.allSettled([
    readJson({
      reads,
      upstream: eventsService,
      path: events.searchEvents.path,
      query: { city: place, q: q || undefined, cursor, limit: '12' },
      schema: events.searchEvents.response.body,
      headers,
    }),
    readJson({
      reads,
      upstream: mlService,
      path: ml.recommend.path,
      query: { city: place, limit: '6' },
      schema: ml.recommend.response.body,
      headers,
    }),
  ]);
  for (const result of [found, loved]) {
    if (result.status === 'rejected') log.warn({ err: result.reason }, 'front page is incomplete');
  }
  return { city, q, events: settledValue(found), loved: settledValue(loved) };
}

const settledValue = <T>(result: PromiseSettledResult<T>) =>
  result.status === 'fulfilled' ? result.value : undefined;
