import type { Handlers } from '@whatsthecraic/platform/route';
import type { contract } from '../contract.ts';
import { DjNotFound } from '../errors.ts';
import type { DjStore } from '../store/djs.ts';

export const createHandlers = (djs: DjStore): Handlers<typeof contract> => ({
  listDjs: ({ query }) => djs.search(query),
  searchDjs: ({ query }) => djs.search(query),
  async getDj({ params }) {
    const dj = await djs.findById(params.id);
    if (!dj) throw new DjNotFound(params.id);
    return dj;
  },
});
