import type { Pod, Snapshot } from './kubernetes.ts';
import { podsOf } from './pods-of.ts';

/** Pods of a service that were not there before. */
export const newPods = (service: string, before: Snapshot, after: Snapshot): number =>
  madePods(service, before, after).length;

/** How often containers of pods that were not there before were started again. */
export const restartsOf = (service: string, before: Snapshot, after: Snapshot): number =>
  madePods(service, before, after)
    .flatMap((pod) => pod.status.containerStatuses ?? [])
    .reduce((sum, it) => sum + it.restartCount, 0);

/** The image of a service's pods as their node names it, `repository@sha256:…`; undefined if none has run. */
export function runningImage(service: string, snapshot: Snapshot): string | undefined {
  const deployment = snapshot.deployments.find((it) => it.name === service);
  if (!deployment) return undefined;
  const { newPods: current, oldPods } = podsOf(deployment, snapshot);
  return [...current, ...oldPods]
    .flatMap((pod) => pod.status.containerStatuses ?? [])
    .find((it) => it.name === service && it.imageID)
    ?.imageID?.replace(/^.*:\/\//, '');
}

function madePods(service: string, before: Snapshot, after: Snapshot): readonly Pod[] {
  const deployment = after.deployments.find((it) => it.name === service);
  if (!deployment) return [];
  const known = new Set(before.pods.map((pod) => pod.uid));
  const { newPods: current, oldPods, deadPods } = podsOf(deployment, after);
  return [...current, ...oldPods, ...deadPods].filter((pod) => !known.has(pod.uid));
}
