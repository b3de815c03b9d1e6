import type { Database } from '@whatsthecraic/platform/database';
import type { Handlers } from '@whatsthecraic/platform/route';
import { PerformerNotFound } from '../errors.ts';
import { createPerformerStore } from '../store/performers.ts';
import type { performersContract } from './contract.ts';

export function createPerformerHandlers(database: Database): Handlers<typeof performersContract> {
  const performers = createPerformerStore(database, () => new Date());
  const find = async (id: number) => {
    const performer = await performers.find(id);
    if (!performer) throw new PerformerNotFound(id);
    return performer;
  };
  return {
    listPerformers: ({ query }) => performers.search(query),
    getPerformer: ({ params }) => find(params.id),
    async followPerformer({ params, caller }) {
      await performers.follow(caller.id, (await find(params.id)).id);
    },
    async unfollowPerformer({ params, caller }) {
      await performers.unfollow(caller.id, (await find(params.id)).id);
    },
    listFollowed: ({ query, caller }) => performers.followed(caller.id, query),
  };
}
