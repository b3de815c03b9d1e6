import type { KubernetesObject } from '../manifests/objects.ts';
import { fieldManager } from '../manifests/payload.ts';

/** Under which name a number of replicas is kept that the manifests give up, until somebody scales. */
export const keeper = 'handover-to-hpa';

/** What a cluster says of the replicas of a Deployment. */
export interface LiveReplicas {
  readonly replicas: number;
  /** Who has set them, by Kubernetes' own books. */
  readonly owners: readonly string[];
}

/**
 * What becomes of a Deployment's replicas with an apply. `kept`: the manifests leave out what we alone
 * own, and Kubernetes would set a number that nobody owns back to 1. `taken back`: they set again what
 * was kept. `left`: somebody else has scaled it meanwhile.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#transferring-ownership
 */
export type ReplicasFate = 'applied' | 'kept' | 'taken back' | 'left';

export function fateOfReplicas(
  wanted: number | undefined,
  { replicas, owners }: LiveReplicas,
  ours: readonly string[] = [fieldManager],
): ReplicasFate {
  const others = owners.filter((it) => !ours.includes(it));
  if (wanted === undefined) return owners.length > 0 && others.length === 0 ? 'kept' : 'applied';
  if (wanted === replicas || others.length === 0) return 'applied';
  return others.every((it) => it === keeper) ? 'taken back' : 'left';
}

export const replicasOf = ({ spec }: KubernetesObject): number | undefined =>
  (spec as { replicas?: number } | undefined)?.replicas;

interface Entry {
  readonly manager?: string;
  readonly fieldsV1?: unknown;
}

/** Who has set the replicas of an object, `managedFields` included. */
export const replicasOwners = ({ metadata }: KubernetesObject): readonly string[] =>
  ((metadata as { managedFields?: readonly Entry[] }).managedFields ?? [])
    .filter(
      ({ fieldsV1 }) => 'f:replicas' in Object((fieldsV1 as Record<string, unknown>)?.['f:spec']),
    )
    .map(({ manager = '' }) => manager);

/** The part of a Deployment that says how many pods it has. */
export function onlyReplicas(object: KubernetesObject, replicas: number): KubernetesObject {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata;
  const named = { name, ...(namespace ? { namespace } : {}) };
  return { apiVersion, kind, metadata: named, spec: { replicas } };
}
