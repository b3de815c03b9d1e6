import { isBareBackOff } from './judge-pull.ts';
import type { Verdict, VerdictCode } from './verdict.ts';

/** Seconds for which a suspicion must hold before it counts as certain. */
export const patienceSeconds: Partial<Record<VerdictCode, number>> = {
  // The kubelet may not have heard of a Secret that was made a moment ago.
  CONFIG_MISSING: 15,
  // Terminating pods give their room back.
  NO_ROOM: 15,
  NO_NODE_FITS: 15,
  VOLUME_UNBOUND: 30,
  QUOTA_EXCEEDED: 10,
  POD_REFUSED: 10,
  IMAGE_DENIED: 8,
  IMAGE_REJECTED: 8,
  // A proxy or a registry that starts shows a certificate of its own for a moment.
  REGISTRY_UNTRUSTED: 20,
  CANNOT_START: 8,
  // Readiness waits for the database, which may be away for a moment.
  NOT_READY: 60,
  // What Kubernetes says of its deadline may be a rollout behind.
  TIMED_OUT: 10,
  // A second exit or a healthy start comes first as a rule.
  CRASHED: 90,
  INIT_FAILED: 90,
  PROBE_FAILED: 90,
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
  const forgets = isPull(verdict) && isBareBackOff(verdict.message);
  const known = forgets && earlier && isPull(earlier.verdict) ? earlier.verdict : verdict;
  const sinceMs = earlier?.verdict.code === known.code ? earlier.sinceMs : nowMs;
  const suspicion = { verdict: known, sinceMs };
  if (known.state !== 'suspect') {
    return { verdict: known, suspicion: isPull(known) ? suspicion : undefined };
  }
  const patience = (patienceSeconds[known.code] ?? 0) * 1_000;
  if (nowMs - sinceMs < patience) return { verdict: known, suspicion };
  return { verdict: { ...known, state: 'failed' }, suspicion };
}

const pulls: readonly VerdictCode[] = [
  ...(['IMAGE_PULL_FAILED', 'IMAGE_DENIED', 'IMAGE_REJECTED'] as const),
  ...(['REGISTRY_UNTRUSTED', 'NODE_FULL'] as const),
];
const isPull = (verdict: Verdict): boolean => pulls.includes(verdict.code);
