import type { Database } from '@whatsthecraic/platform/database';
import type { Handlers } from '@whatsthecraic/platform/route';
import { EventNotFound } from '../errors.ts';
import type { EventStore } from '../store/events.ts';
import { createMarkStore, type MarkStore } from '../store/marks.ts';
import type { marksContract } from './contract.ts';

export function createMarkHandlers(
  database: Database,
  events: EventStore,
): Handlers<typeof marksContract> {
  const saves = createMarkStore(database, 'save');
  const hides = createMarkStore(database, 'hide');
  /** The number that the event goes by now. */
  const numberOf = async (id: number) => {
    const event = await events.findById(id);
    if (!event) throw new EventNotFound(id);
    return event.id;
  };
  const set = async (store: MarkStore, userId: number, id: number): Promise<undefined> => {
    await store.set(userId, await numberOf(id));
  };
  const remove = async (store: MarkStore, userId: number, id: number): Promise<undefined> => {
    await store.remove(userId, await numberOf(id));
  };
  return {
    saveEvent: ({ params, caller }) => set(saves, caller.id, params.id),
    unsaveEvent: ({ params, caller }) => remove(saves, caller.id, params.id),
    async listSaved({ query, caller }) {
      const { events: marked, ...rest } = await saves.list(caller.id, query);
      return { events: marked.map(({ event, at }) => ({ ...event, savedAt: at })), ...rest };
    },
    hideEvent: ({ params, caller }) => set(hides, caller.id, params.id),
    unhideEvent: ({ params, caller }) => remove(hides, caller.id, params.id),
    async listHidden({ query, caller }) {
      const { events: marked, ...rest } = await hides.list(caller.id, query);
      return { events: marked.map(({ event, at }) => ({ ...event, hiddenAt: at })), ...rest };
    },
  };
}
