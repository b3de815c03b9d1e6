import type { Database } from '@whatsthecraic/platform/database';
import { findContacts } from '@whatsthecraic/platform/directory/contact';
import { createKeeper } from '@whatsthecraic/platform/directory/keep';
import { freeSpan } from '@whatsthecraic/platform/directory/search';
import type { Handlers } from '@whatsthecraic/platform/route';
import type { contract } from '../contract.ts';
import { createDjStore } from '../store/djs.ts';
import { keptDj } from '../store/kept-dj.ts';
import { createRateStore } from '../store/rates.ts';
import { subject } from '../store/subject.ts';

export function createHandlers(database: Database): Handlers<typeof contract> {
  const djs = createDjStore(database, createRateStore(database));
  const keeper = createKeeper(database, keptDj(djs));
  return {
    listDjs: ({ query }) => djs.search(query),
    searchDjs: ({ query: { freeFrom, freeTo, ...query } }) =>
      djs.search({ ...query, free: freeSpan(freeFrom, freeTo) }),
    findMentions: async ({ body }) => ({ mentions: await djs.findMentions(body.texts) }),
    djsById: async ({ query }) => ({ djs: await djs.findAll(query.ids) }),
    djContacts: async ({ query }) => ({
      contacts: await findContacts(database, subject, query.ids),
    }),
    matchDjs: ({ body }) => djs.match(body),
    getDj: ({ params }) => keeper.get(params.id),
    createDj: ({ body, caller, headers }) => keeper.create(body, caller, headers),
    changeDj: ({ params, body, caller, headers }) =>
      keeper.change(params.id, body, caller, headers),
    removeDj: ({ params, caller, headers }) => keeper.remove(params.id, caller, headers),
    getDjContact: ({ params }) => keeper.getContact(params.id),
    listDjChanges: ({ params, query }) => keeper.listChanges(params.id, query),
    listDjAvailability: ({ params, query }) => keeper.listAvailability(params.id, query),
    addDjAvailability: ({ params, body, caller, headers }) =>
      keeper.addAvailability(params.id, body, caller, headers),
    removeDjAvailability: ({ params, caller }) =>
      keeper.removeAvailability(params.id, params.windowId, caller),
  };
}
