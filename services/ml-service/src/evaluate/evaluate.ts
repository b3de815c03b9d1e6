import { type Figures, figuresOf, mean } from './metrics.ts';
import type { Split, Trial } from './split.ts';

/** How a ranking orders what a person could choose: the best first, ten at least. */
export type Ranking = (trial: Trial) => readonly number[];

export const COHORTS = ['new', 'light', 'heavy'] as const;
export type Cohort = (typeof COHORTS)[number];

/** By how much somebody has done here. */
export const cohortOf = (known: number): Cohort =>
  known === 0 ? 'new' : known < 10 ? 'light' : 'heavy';

export interface Evaluation extends Figures {
  readonly people: number;
  /** The share of all candidates that stood in anyone's ten. */
  readonly coverage: number;
  readonly cohorts: Readonly<Record<Cohort, Figures & { readonly people: number }>>;
}

export function evaluate({ trials }: Split, ranking: Ranking): Evaluation {
  const shown = new Set<number>();
  const offered = new Set<number>();
  const byCohort: Record<Cohort, Figures[]> = { new: [], light: [], heavy: [] };
  for (const trial of trials) {
    const list = ranking(trial).slice(0, 10);
    for (const id of list) shown.add(id);
    for (const id of trial.candidates) offered.add(id);
    byCohort[cohortOf(trial.known)].push(figuresOf(list, trial.wanted));
  }
  const cohort = (name: Cohort) => ({ ...mean(byCohort[name]), people: byCohort[name].length });
  return {
    ...mean(COHORTS.flatMap((name) => byCohort[name])),
    people: trials.length,
    coverage: offered.size === 0 ? 0 : shown.size / offered.size,
    cohorts: { new: cohort('new'), light: cohort('light'), heavy: cohort('heavy') },
  };
}
