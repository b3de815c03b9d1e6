import type { KubernetesObject } from '../manifests/objects.ts';
import { applyCall } from '../manifests/payload.ts';
import type { Deployment } from '../rollout/kubernetes.ts';
import type { KubectlCall } from '../target/target.ts';
import { fateOfReplicas, keeper, onlyReplicas, replicasOf } from './replicas.ts';

export interface HandOver {
  /** Deployments by nothing but the replicas that `keeper` is to own before the apply. */
  readonly keep: readonly KubernetesObject[];
  /** What is applied then: without the replicas that somebody else has set meanwhile. */
  readonly objects: readonly KubernetesObject[];
}

/** How objects are applied so that no Deployment falls to 1, and no number is taken from who scaled. */
export function handOver(
  objects: readonly KubernetesObject[],
  deployments: readonly Deployment[],
): HandOver {
  const keep: KubernetesObject[] = [];
  const applied = objects.map((object) => {
    const live = deployments.find(({ name }) => name === object.metadata.name);
    if (object.kind !== 'Deployment' || !live) return object;
    const wanted = replicasOf(object);
    const { replicas, replicasOwners: owners = [] } = live;
    const fate = fateOfReplicas(wanted, { replicas, owners });
    if (fate === 'kept') keep.push(onlyReplicas(object, replicas));
    if (fate === 'taken back') keep.push(onlyReplicas(object, wanted ?? replicas));
    return fate === 'left' ? withoutReplicas(object) : object;
  });
  return { keep, objects: applied };
}

function withoutReplicas(object: KubernetesObject): KubernetesObject {
  const { replicas: _, ...spec } = object.spec as Record<string, unknown>;
  return { ...object, spec };
}

/** Has `keeper` own the replicas. The Deployments are there: what else they need is not ours to say. */
export function keepCall(
  deployments: readonly KubernetesObject[],
  { force = false }: { readonly force?: boolean } = {},
): KubectlCall {
  const call = applyCall(deployments, { manager: keeper, force });
  return { ...call, args: [...call.args, '--validate=false'] };
}
