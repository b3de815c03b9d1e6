import type { Database } from '@whatsthecraic/platform/database';
import { Answer, type Handlers } from '@whatsthecraic/platform/route';
import { EventNotFound } from '../errors.ts';
import type { EventStore } from '../store/events.ts';
import { countFacets } from '../store/facets.ts';
import type { searchContract } from './contract.ts';
import { wantedOf } from './wanted.ts';

export const createSearchHandlers = (
  database: Database,
  events: EventStore,
): Handlers<typeof searchContract> => ({
  async searchEvents({ query: { limit, cursor, includeHidden, ...asked }, caller }) {
    const wanted = wantedOf(asked, new Date());
    if (!caller) return events.search(wanted, { limit, cursor });
    const withoutHiddenOf = includeHidden ? undefined : caller.id;
    const found = await events.search(wanted, { limit, cursor, withoutHiddenOf });
    // What is left out is nobody else's business.
    return new Answer(found, { headers: { 'Cache-Control': 'private, no-store' } });
  },
  countEvents: ({ query }) => countFacets(database, wantedOf(query, new Date())),
  async getEvent({ params }) {
    const event = await events.findById(params.id);
    if (!event) throw new EventNotFound(params.id);
    return event;
  },
});
