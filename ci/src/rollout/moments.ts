import type { MomentName } from '../report/timeline.ts';
import type { ContainerStatus, Pod, Snapshot } from './kubernetes.ts';
import { isReady, podsOf } from './pods-of.ts';

/** Which moments of a service's rollout lie behind it, of the pods that were not there before. */
export function momentsOf(service: string, before: Snapshot, now: Snapshot): readonly MomentName[] {
  const deployment = now.deployments.find((it) => it.name === service);
  if (!deployment) return [];
  const known = new Set(before.pods.map((pod) => pod.uid));
  const { newPods, oldPods } = podsOf(deployment, now);
  const made = newPods.filter((pod) => !known.has(pod.uid));
  if (made.length === 0) return [];
  const all = (is: (it: ContainerStatus) => boolean) =>
    made.every((pod) => containersOf(pod).length > 0 && containersOf(pod).every(is));
  const reached: Record<Exclude<MomentName, 'image'>, boolean> = {
    created: true,
    pulled: all((it) => Boolean(it.imageID)),
    started: all((it) => it.state?.running !== undefined),
    ready: made.length >= deployment.replicas && made.every(isReady),
    oldGone: oldPods.length === 0 && made.every(isReady),
  };
  return (Object.keys(reached) as (keyof typeof reached)[]).filter((name) => reached[name]);
}

const containersOf = (pod: Pod): readonly ContainerStatus[] => pod.status.containerStatuses ?? [];
