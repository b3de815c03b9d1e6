import type { Verdict, VerdictCode } from './verdict.ts';

/** Seconds for which a suspicion must hold before it counts as certain. */
export const patienceSeconds: Partial<Record<VerdictCode, number>> = {
  // The kubelet may not have heard of a Secret that was made a moment ago.
  CONFIG_MISSING: 15,
  // Terminating pods give their room back.
  NO_ROOM: 15,
  POD_REFUSED: 10,
  IMAGE_DENIED: 8,
  CANNOT_START: 8,
  // A second exit or a healthy start comes first as a rule.
  CRASHED: 90,
  OUT_OF_MEMORY: 90,
};

export interface Suspicion {
  readonly verdict: Verdict;
  readonly sinceMs: number;
}

export interface Settled {
  readonly verdict: Verdict;
  readonly suspicion: Suspicion | undefined;
}

/**
 * Weighs a look against the earlier ones: a suspicion that holds becomes a failure, and a first cause
 * is kept when Kubernetes forgets it (an image pull's back-off says nothing of why).
 */
export function settle(verdict: Verdict, earlier: Suspicion | undefined, nowMs: number): Settled {
  const forgotten =
    verdict.code === 'IMAGE_PULL_FAILED' && earlier?.verdict.code === 'IMAGE_DENIED'
      ? earlier.verdict
      : verdict;
  if (forgotten.state !== 'suspect') return { verdict: forgotten, suspicion: undefined };
  const sinceMs = earlier?.verdict.code === forgotten.code ? earlier.sinceMs : nowMs;
  const suspicion = { verdict: forgotten, sinceMs };
  const patience = (patienceSeconds[forgotten.code] ?? 0) * 1_000;
  if (nowMs - sinceMs < patience) return { verdict: forgotten, suspicion };
  return { verdict: { ...forgotten, state: 'failed' }, suspicion };
}
