import type { Report } from '../contract/fields.ts';
import { evaluate } from '../evaluate/evaluate.ts';
import { modelRanking, popularityRanking } from '../evaluate/rankings.ts';
import { splitAt } from '../evaluate/split.ts';
import type { Dataset } from '../model/dataset.ts';
import type { History } from '../model/facts.ts';
import type { Model } from '../model/model.ts';

/** The last weeks, which the compared models have not seen. */
export const HELD_OUT_MS = 14 * 86_400_000;

/**
 * Figures of a model that was trained on `known`, beside those of popularity and of the one in service,
 * on what was done after its end.
 */
export function compare(
  history: History,
  known: Dataset,
  end: number,
  model: Model,
  inService: Model | undefined,
): Report {
  const split = splitAt(history, known.end, end);
  return {
    model: evaluate(split, modelRanking(history, known, model)),
    popularity: evaluate(split, popularityRanking(history, known)),
    inService: inService ? evaluate(split, modelRanking(history, known, inService)) : null,
  };
}
