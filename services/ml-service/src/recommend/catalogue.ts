import type { Database } from '@whatsthecraic/platform/database';
import { type Heat, heats } from '../store/actions.ts';
import { type CanonicalEvent, eventsOf, upcomingEvents } from '../store/canonical.ts';

/** How far ahead events are recommended. */
export const HORIZON_DAYS = 120;
const DAY_MS = 86_400_000;
const MOST_REMEMBERED = 20_000;

/** What there is to recommend, kept in memory: a request reads only what is the caller's own. */
export interface Catalogue {
  /** Rises with every refresh. */
  readonly edition: number;
  readonly upcoming: readonly CanonicalEvent[];
  heatOf(id: number): Heat;
  /** Any events, also those that are over: they tell what somebody likes. */
  find(ids: readonly number[]): Promise<Map<number, CanonicalEvent>>;
  refresh(): Promise<void>;
}

const COLD: Heat = { heat: 0, saves: 0 };

export function createCatalogue(database: Database, now: () => Date): Catalogue {
  let edition = 0;
  let upcoming: readonly CanonicalEvent[] = [];
  let byId = new Map<number, CanonicalEvent>();
  let warm = new Map<number, Heat>();
  const remembered = new Map<number, CanonicalEvent>();

  return {
    get edition() {
      return edition;
    },
    get upcoming() {
      return upcoming;
    },
    heatOf: (id) => warm.get(id) ?? COLD,
    async find(ids) {
      const found = new Map<number, CanonicalEvent>();
      const missing: number[] = [];
      for (const id of new Set(ids)) {
        const event = byId.get(id) ?? remembered.get(id);
        if (event) found.set(id, event);
        else missing.push(id);
      }
      for (const event of await eventsOf(database, missing)) {
        found.set(event.id, event);
        remembered.set(event.id, event);
      }
      for (const id of remembered.keys()) {
        if (remembered.size <= MOST_REMEMBERED) break;
        remembered.delete(id);
      }
      return found;
    },
    async refresh() {
      const from = now();
      const to = new Date(from.getTime() + HORIZON_DAYS * DAY_MS);
      const events = await upcomingEvents(database, from, to);
      warm = await heats(database, from);
      upcoming = events;
      byId = new Map(events.map((event) => [event.id, event]));
      remembered.clear();
      edition += 1;
    },
  };
}
