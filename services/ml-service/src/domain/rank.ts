import type { z } from 'zod';
import type { recommendation } from '../contract/popular.ts';

export type Recommendation = z.input<typeof recommendation>;

export interface Candidate {
  readonly event: Recommendation['event'];
  readonly saves: number;
}

/** As many saves as this make half of the greatest possible popularity. */
const HALF_SAVES = 10;
const POPULARITY_WEIGHT = 0.8;
export const HORIZON_DAYS = 60;
/** What people call soon: this is a reason, further away is none. */
const SOON_DAYS = 7;
const DAY_MS = 86_400_000;

/** The candidates with the best score first; equal ones in the order of their start. */
export function rank(candidates: readonly Candidate[], now: Date, limit: number): Recommendation[] {
  return candidates
    .map((candidate) => score(candidate, now))
    .sort(
      (a, b) =>
        b.score - a.score || compare(a.event.startsAt, b.event.startsAt) || a.event.id - b.event.id,
    )
    .slice(0, limit);
}

function score({ event, saves }: Candidate, now: Date): Recommendation {
  const days = Math.max(0, Math.floor((Date.parse(event.startsAt) - now.getTime()) / DAY_MS));
  const popularity = saves / (saves + HALF_SAVES);
  const nearness = Math.max(0, 1 - days / HORIZON_DAYS);
  const total = POPULARITY_WEIGHT * popularity + (1 - POPULARITY_WEIGHT) * nearness;
  const reasons: Recommendation['reasons'] = [];
  if (saves > 0) reasons.push({ type: 'saves', count: saves });
  if (days <= SOON_DAYS) reasons.push({ type: 'soon', days });
  return { event, score: Math.round(total * 1000) / 1000, reasons };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
