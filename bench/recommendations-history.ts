import { ActionColumns } from '../services/ml-service/src/model/actions.ts';
import type { EventFacts, History } from '../services/ml-service/src/model/facts.ts';
import { seeded } from '../services/ml-service/src/model/random.ts';

const DAY_MS = 86_400_000;
export const HISTORY_END = Date.UTC(2026, 10, 1);

/** Saves of events of a few genres each, while the events were there; of no other meaning than size. */
export function historyOf(
  interactions: number,
  people: number,
  count: number,
): History & { readonly actions: ActionColumns } {
  const random = seeded(1);
  const below = (limit: number) => Math.floor(random() * limit);
  const events: EventFacts[] = Array.from({ length: count }, (_, id) => {
    const startsAt = HISTORY_END - below(400 * DAY_MS) + 60 * DAY_MS;
    const genre = below(60);
    return {
      ...{ id: id + 1, startsAt, announcedAt: startsAt - (10 + below(50)) * DAY_MS },
      ...{ city: `city ${below(16)}`, venue: `venue ${below(400)}`, price: below(8_000) },
      artists: [`artist ${genre * 50 + below(50)}`, `artist ${genre * 50 + below(50)}`],
      genres: [`genre ${genre}`],
      families: [`family ${genre % 12}`],
    };
  });
  const byGenre = Map.groupBy(events, ({ genres }) => genres[0] ?? '');
  const actions = new ActionColumns();
  while (actions.length < interactions) {
    const user = 1 + below(people);
    const own = byGenre.get(`genre ${(user * 7 + below(4)) % 60}`) ?? [];
    const event = own[below(own.length)];
    if (!event) continue;
    const at = event.announcedAt + random() * (event.startsAt - event.announcedAt);
    if (at < HISTORY_END) actions.add({ user, event: event.id, kind: 'save', at });
  }
  return { events, actions, choices: new Map() };
}
