import { isBareBackOff } from './judge-pull.ts';
import type { ContainerStatus, Warning } from './kubernetes.ts';

const failedPull = /^Failed to pull image "[^"]*": (.+)$/s;

/**
 * A container whose back-off says nothing of why has its cause told again, by the newest warning about
 * its pod: Kubernetes keeps that for an hour.
 */
export function recallCause(
  container: ContainerStatus,
  pod: string,
  warnings: readonly Warning[],
): ContainerStatus {
  const waiting = container.state?.waiting;
  const bare =
    waiting?.reason === 'ImagePullBackOff' && isBareBackOff(waiting.message ?? waiting.reason);
  if (!bare) return container;
  const cause = warnings
    .filter((it) => it.object === `Pod/${pod}` && it.reason === 'Failed')
    .toSorted((a, b) => (a.lastSeen + a.message < b.lastSeen + b.message ? 1 : -1))
    .map((it) => failedPull.exec(it.message)?.[1])
    .find((it) => it !== undefined);
  if (cause === undefined) return container;
  return { ...container, state: { waiting: { reason: 'ErrImagePull', message: cause } } };
}
