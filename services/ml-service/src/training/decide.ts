import type { Report } from '../contract/fields.ts';

export interface Decision {
  readonly accepted: boolean;
  readonly reason: string;
}

/** How much an NDCG of so many people may differ by chance alone: one standard error, at most. */
const chance = (people: number) => (people === 0 ? 0 : 0.3 / Math.sqrt(people));

/**
 * Whether a new model may serve: it must not be worse than popularity, nor than the one that serves, by
 * more than chance. Where nobody is there to be asked, nothing speaks against it.
 */
export function decide({ model, popularity, inService }: Report): Decision {
  const { people, ndcg } = model;
  if (people === 0) {
    return { accepted: true, reason: 'nobody saved anything in the weeks held out; not compared' };
  }
  const least = chance(people);
  const said = (it: number) => it.toFixed(3);
  const rivals = [
    { name: 'popularity', ndcg: popularity.ndcg },
    ...(inService ? [{ name: 'the model in service', ndcg: inService.ndcg }] : []),
  ];
  for (const rival of rivals) {
    if (ndcg < rival.ndcg - least) {
      return {
        accepted: false,
        reason: `NDCG@10 ${said(ndcg)} of ${people} people, worse than ${rival.name}: ${said(rival.ndcg)}`,
      };
    }
  }
  const against = rivals.map((it) => `${it.name} ${said(it.ndcg)}`).join(', ');
  return { accepted: true, reason: `NDCG@10 ${said(ndcg)} of ${people} people; ${against}` };
}
