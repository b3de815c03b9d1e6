import type { Verdict } from './judge-answer.ts';

/** The seed's back-off: after each 429 of one lookup. */
const LADDER_MS = [1_000, 2_000, 5_000, 10_000] as const;
const LAST_STEP_MS = 10_000;
const QUOTA_MS = 3_600_000;

export interface Penalty {
  /** How long nobody may call. */
  readonly ms: number;
  /** Whether the lookup that met it may be tried again afterwards. */
  readonly retry: boolean;
}

/** What follows from the so-manieth 429 of a lookup (0 the first); never less than `Retry-After`. */
export function penaltyFor(
  limited: Extract<Verdict, { kind: 'limited' }>,
  before: number,
): Penalty {
  const { retryAfterMs = 0, isQuota } = limited;
  if (isQuota) return { ms: retryAfterMs || QUOTA_MS, retry: false };
  const step = LADDER_MS[before];
  return { ms: Math.max(step ?? LAST_STEP_MS, retryAfterMs), retry: step !== undefined };
}
