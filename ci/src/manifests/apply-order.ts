import type { KubernetesObject } from './objects.ts';

/**
 * What others refer to comes first: a pod that starts before its ConfigMap, ServiceAccount or
 * network rules exist fails once and waits.
 */
const order: readonly string[] = [
  'Namespace',
  'PriorityClass',
  'StorageClass',
  'CustomResourceDefinition',
  'ResourceQuota',
  'LimitRange',
  'NetworkPolicy',
  'ServiceAccount',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
  'Secret',
  'ConfigMap',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Service',
  'PodDisruptionBudget',
];

/** Kinds that need all of the rest, unknown kinds included. */
const last: readonly string[] = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'HorizontalPodAutoscaler',
  'Ingress',
];

/** The same objects in the order in which a cluster should learn of them. */
export function inApplyOrder(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  return objects.toSorted(
    (a, b) =>
      rank(a.kind) - rank(b.kind) ||
      compare(a.kind, b.kind) ||
      compare(a.metadata.name, b.metadata.name),
  );
}

function rank(kind: string): number {
  const early = order.indexOf(kind);
  if (early >= 0) return early;
  return order.length + 1 + last.indexOf(kind);
}

const compare = (a: string, b: string): number => Number(a > b) - Number(a < b);
