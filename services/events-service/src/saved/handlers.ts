import type { Handlers } from '@whatsthecraic/platform/route';
import { EventNotFound } from '../errors.ts';
import type { EventStore } from '../store/events.ts';
import type { SaveStore } from '../store/saves.ts';
import type { savedContract } from './contract.ts';

export function createSavedHandlers(
  events: EventStore,
  saves: SaveStore,
): Handlers<typeof savedContract> {
  /** The number that the event goes by now. */
  const numberOf = async (id: number) => {
    const event = await events.findById(id);
    if (!event) throw new EventNotFound(id);
    return event.id;
  };
  return {
    async saveEvent({ params, caller }) {
      await saves.save(caller.id, await numberOf(params.id));
    },
    async unsaveEvent({ params, caller }) {
      await saves.remove(caller.id, [params.id, await numberOf(params.id)]);
    },
    listSaved: ({ query, caller }) => saves.list(caller.id, query),
  };
}
