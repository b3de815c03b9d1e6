import type { TimeWindow } from '../../domain/time-window.ts';
import type { Ask } from '../http.ts';
import { readEnvelope } from '../rows.ts';
import { page } from './schema.ts';

export interface TicketmasterOptions {
  /** `https://app.ticketmaster.com`, or what stands in for it. */
  readonly baseUrl: string;
  readonly apiKey: string;
}

const SIZE = 200;
/** What lies deeper cannot be asked for: the window is halved until it holds no more. */
const DEEPEST = 1_000;
const SHORTEST_MS = 60_000;

/** The rows of a city's events in a window, page by page. */
export async function* fetchRows(
  options: TicketmasterOptions,
  ask: Ask,
  city: string,
  window: TimeWindow,
): AsyncGenerator<readonly unknown[]> {
  const first = await fetchPage(options, ask, city, window, 0);
  const { totalElements, totalPages } = first.page;
  const span = window.to.getTime() - window.from.getTime();
  if (totalElements > DEEPEST && span > SHORTEST_MS) {
    const middle = new Date(window.from.getTime() + Math.floor(span / 2 / 1_000) * 1_000);
    yield* fetchRows(options, ask, city, { from: window.from, to: middle });
    yield* fetchRows(options, ask, city, { from: middle, to: window.to });
    return;
  }
  yield first._embedded?.events ?? [];
  const pages = Math.min(totalPages, DEEPEST / SIZE);
  for (let number = 1; number < pages; number += 1) {
    const next = await fetchPage(options, ask, city, window, number);
    yield next._embedded?.events ?? [];
  }
}

async function fetchPage(
  { baseUrl, apiKey }: TicketmasterOptions,
  ask: Ask,
  city: string,
  { from, to }: TimeWindow,
  number: number,
) {
  const url = new URL(`${baseUrl}/discovery/v2/events.json`);
  url.search = new URLSearchParams({
    apikey: apiKey,
    city,
    startDateTime: seconds(from),
    // Both ends belong to it, so that a second belongs to one slice only.
    endDateTime: seconds(new Date(to.getTime() - 1_000)),
    classificationName: 'music',
    sort: 'date,asc',
    size: String(SIZE),
    page: String(number),
  }).toString();
  return readEnvelope(page, await ask({ url }));
}

/** It takes no milliseconds. */
const seconds = (moment: Date) => `${moment.toISOString().slice(0, 19)}Z`;
