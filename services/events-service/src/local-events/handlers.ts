import type { Caller } from '@whatsthecraic/platform/caller';
import type { Database } from '@whatsthecraic/platform/database';
import { findChanges } from '@whatsthecraic/platform/directory/audit';
import { mayChange } from '@whatsthecraic/platform/directory/edit';
import { createKeeper } from '@whatsthecraic/platform/directory/keep';
import { findPage } from '@whatsthecraic/platform/page';
import { Answer, type Handlers } from '@whatsthecraic/platform/route';
import { Conditions } from '@whatsthecraic/platform/sql';
import { z } from 'zod';
import type { localEventsContract } from './contract.ts';
import { findLocalEvent, findLocalEvents, keptEvent, subject } from './kept-event.ts';

export function createLocalEventHandlers(
  database: Database,
  now: () => Date = () => new Date(),
): Handlers<typeof localEventsContract> {
  const keeper = createKeeper(database, keptEvent(now));

  /** What somebody else keeps is not there. */
  async function ownOnly(id: number, caller: Caller) {
    const found = await findLocalEvent(database, id);
    if (!found || !mayChange(caller, found.ownerId)) throw subject.notFound(id);
    return found;
  }

  return {
    async listLocalEvents({ query, caller }) {
      const where = new Conditions();
      if (caller.role !== 'admin') where.add('l.owner_id = ?', caller.id);
      const list = {
        from: 'local_events l',
        id: 'l.id',
        where,
        key: { sql: 'l.id', schema: z.int().positive() },
        descending: true,
        ...query,
        cursor: query.cursor,
      };
      const { found, ...page } = await findPage(database, list, (ids) =>
        findLocalEvents(database, ids),
      );
      return { events: found.map(({ item }) => item), ...page };
    },
    async getLocalEvent({ params, caller }) {
      const { entry, version } = await ownOnly(params.id, caller);
      return new Answer(entry, { version });
    },
    createLocalEvent: ({ body, caller, headers }) => keeper.create(body, caller, headers),
    changeLocalEvent: async ({ params, body, caller, headers }) => {
      await ownOnly(params.id, caller);
      return keeper.change(params.id, body, caller, headers);
    },
    removeLocalEvent: async ({ params, caller, headers }) => {
      await ownOnly(params.id, caller);
      return keeper.remove(params.id, caller, headers);
    },
    async listLocalEventChanges({ params, query, caller }) {
      // An admin also sees what became of one that is gone.
      if (caller.role !== 'admin') await ownOnly(params.id, caller);
      const { found, ...page } = await findChanges(database, subject, params.id, query);
      return { changes: found.map(({ item }) => item), ...page };
    },
  };
}
