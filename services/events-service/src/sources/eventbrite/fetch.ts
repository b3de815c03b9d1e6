import type { z } from 'zod';
import type { TimeWindow } from '../../domain/time-window.ts';
import { SourceError } from '../errors.ts';
import type { Ask } from '../http.ts';
import { readEnvelope } from '../rows.ts';
import { organizations, page } from './schema.ts';

export interface EventbriteOptions {
  /** `https://www.eventbriteapi.com`, or what stands in for it. */
  readonly baseUrl: string;
  readonly token: string;
  readonly organizations: readonly string[];
  readonly venues: readonly string[];
}

/** The organisations that the token belongs to: asked for, since none was named. */
export const MINE = 'mine';
/** Nobody has so many; a list that goes on for ever is one that turns in a circle. */
const MOST_PAGES = 100;

/** The rows of what an organisation or a venue has in a window, page by page. */
export async function* fetchRows(
  options: EventbriteOptions,
  ask: Ask,
  scope: string,
  window: TimeWindow,
): AsyncGenerator<readonly unknown[]> {
  const owners = scope === MINE ? await ownOrganizations(options, ask) : [scope];
  for (const owner of owners) {
    const [kind, id = ''] = owner.split(':');
    const query = {
      status: 'live,started,canceled',
      order_by: 'start_asc',
      expand: 'venue,subcategory,ticket_availability,music_properties',
      ...(kind === 'venue'
        ? { 'start_date.range_start': day(window.from), 'start_date.range_end': day(window.to) }
        : { time_filter: 'current_future' }),
    };
    const path = `/v3/${kind}s/${encodeURIComponent(id)}/events/`;
    for await (const { events } of pagesOf(options, ask, path, query, page)) yield events;
  }
}

async function ownOrganizations(options: EventbriteOptions, ask: Ask): Promise<string[]> {
  const found: string[] = [];
  const path = '/v3/users/me/organizations/';
  for await (const answer of pagesOf(options, ask, path, {}, organizations)) {
    found.push(...answer.organizations.map(({ id }) => `organization:${id}`));
  }
  return found;
}

interface Page {
  readonly pagination: z.output<typeof page>['pagination'];
}

async function* pagesOf<P extends Page>(
  { baseUrl, token }: EventbriteOptions,
  ask: Ask,
  path: string,
  query: Readonly<Record<string, string>>,
  schema: z.ZodType<P>,
): AsyncGenerator<P> {
  let continuation: string | null = null;
  for (let number = 0; number < MOST_PAGES; number += 1) {
    const url = new URL(`${baseUrl}${path}`);
    url.search = new URLSearchParams({
      ...query,
      ...(continuation === null ? {} : { continuation }),
    }).toString();
    const body = await ask({ url, headers: { authorization: `Bearer ${token}` } });
    if (body === undefined) throw new SourceError('SOURCE_REFUSES', `it knows no ${path}`);
    const answer = readEnvelope(schema, body);
    yield answer;
    if (!answer.pagination.has_more_items) return;
    continuation = answer.pagination.continuation;
    if (continuation === null) {
      throw new SourceError('SOURCE_UNREADABLE', 'it has more and does not say how to go on');
    }
  }
  throw new SourceError('SOURCE_UNREADABLE', `it has more than ${MOST_PAGES} pages`);
}

const day = (moment: Date) => moment.toISOString().slice(0, 10);
