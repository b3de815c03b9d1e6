import type { Report } from '../contract/fields.ts';
import { cohortOf } from '../evaluate/evaluate.ts';

export type Confidence = 'low' | 'medium' | 'high';

/** Fewer people than this prove nothing. */
const ENOUGH = 30;

/**
 * What the evaluation found for people of whom as much is known: clearly better than popularity, at
 * least as good, or not shown to be.
 */
export function confidenceOf(figures: Report | null, known: number): Confidence {
  if (!figures) return 'low';
  const cohort = cohortOf(known);
  const ours = figures.model.cohorts[cohort];
  const popular = figures.popularity.cohorts[cohort];
  if (ours.people < ENOUGH || ours.ndcg < popular.ndcg) return 'low';
  return ours.ndcg > 1.5 * popular.ndcg ? 'high' : 'medium';
}
