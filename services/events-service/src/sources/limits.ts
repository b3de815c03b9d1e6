import type { SourceName } from '../canonical/source-event.ts';

export type RemoteSource = Exclude<SourceName, 'local'>;

export interface Limits {
  readonly perSecond: number;
  /** Calls that we make in a day (UTC) at most, below what is allowed: others may use the key too. */
  readonly perDay: number;
  readonly timeoutMs: number;
  /** A longer `Retry-After` ends the run; the source is left alone until then. */
  readonly longestWaitMs: number;
  /** How long an answer is good for: asked again after that. */
  readonly freshMs: number;
  /** What of our asking costs money, in any 24 hours. */
  readonly paidRunsPerDay?: number;
  readonly host: string;
  readonly doc: string;
}

const HOUR_MS = 3_600_000;

/** What others allow; docs/sources.md shows this table. */
export const limits: Readonly<Record<RemoteSource, Limits>> = {
  ticketmaster: {
    perSecond: 4,
    perDay: 4_500,
    timeoutMs: 10_000,
    longestWaitMs: 30_000,
    freshMs: 6 * HOUR_MS,
    host: 'https://app.ticketmaster.com',
    doc: 'https://developer.ticketmaster.com/products-and-docs/apis/getting-started/#rate-limit',
  },
  bandsintown: {
    perSecond: 2,
    perDay: 2_000,
    timeoutMs: 10_000,
    longestWaitMs: 30_000,
    freshMs: 6 * HOUR_MS,
    host: 'https://rest.bandsintown.com',
    doc: 'https://help.artists.bandsintown.com/en/articles/9186477-api-documentation',
  },
  eventbrite: {
    perSecond: 2,
    // It allows 1,000 an hour: a whole day of ours fits into any one.
    perDay: 900,
    timeoutMs: 10_000,
    longestWaitMs: 30_000,
    freshMs: 6 * HOUR_MS,
    host: 'https://www.eventbriteapi.com',
    doc: 'https://www.eventbrite.com/platform/docs/rate-limits',
  },
  dice: {
    perSecond: 1,
    perDay: 1_000,
    timeoutMs: 40_000,
    longestWaitMs: 30_000,
    freshMs: 24 * HOUR_MS,
    paidRunsPerDay: 10,
    host: 'https://api.apify.com',
    doc: 'https://docs.apify.com/api/v2#rate-limiting',
  },
};
