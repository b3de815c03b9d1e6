import type { Deployment, Pod, ReplicaSet, Snapshot } from './kubernetes.ts';

export interface PodsOf {
  readonly newest: ReplicaSet | undefined;
  /** Those of the newest ReplicaSet. */
  readonly newPods: readonly Pod[];
  /** Those of all other ReplicaSets, and those that end. */
  readonly oldPods: readonly Pod[];
  /** Pods of the newest ReplicaSet that ran and do so no more, such as evicted ones. */
  readonly deadPods: readonly Pod[];
}

/** A Deployment's pods, by name, so that nothing depends on the order of a list. */
export function podsOf(deployment: Deployment, snapshot: Snapshot): PodsOf {
  const owned = snapshot.replicaSets.filter((set) => set.ownerUid === deployment.uid);
  const newest = owned.find((set) => set.revision === deployment.revision && set.revision !== '');
  const uids = new Set(owned.map((set) => set.uid));
  // A list that was read in parts may name a pod twice.
  const pods = [...new Map(snapshot.pods.map((pod) => [pod.uid, pod])).values()]
    .filter((pod) => uids.has(pod.ownerUid))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const isNew = (pod: Pod): boolean => pod.ownerUid === newest?.uid && !pod.deleting;
  return {
    newest,
    newPods: pods.filter((pod) => isNew(pod) && !hasEnded(pod)),
    oldPods: pods.filter((pod) => !isNew(pod) && !hasEnded(pod)),
    deadPods: pods.filter((pod) => isNew(pod) && hasEnded(pod)),
  };
}

export const isReady = (pod: Pod): boolean =>
  pod.status.conditions?.some((it) => it.type === 'Ready' && it.status === 'True') ?? false;

/**
 * A ReplicaSet replaces such a pod and Kubernetes keeps the object for people to read, for days.
 * https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-garbage-collection
 */
const hasEnded = (pod: Pod): boolean =>
  pod.status.phase === 'Failed' || pod.status.phase === 'Succeeded';
