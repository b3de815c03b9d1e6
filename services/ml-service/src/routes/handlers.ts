import type { Handlers } from '@whatsthecraic/platform/route';
import type { contract } from '../contract.ts';
import { HORIZON_DAYS, rank } from '../domain/rank.ts';
import type { PopularityStore } from '../store/popularity.ts';

const DAY_MS = 86_400_000;

export const createHandlers = (
  popularity: PopularityStore,
  now: () => Date = () => new Date(),
): Handlers<typeof contract> => ({
  async recommend({ query }) {
    const from = now();
    const to = new Date(from.getTime() + HORIZON_DAYS * DAY_MS);
    const candidates = await popularity.findCandidates({ from, to }, query.city);
    return { model: 'popularity', recommendations: rank(candidates, from, query.limit) };
  },
});
