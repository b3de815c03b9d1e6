import { type KubernetesObject, objectKey } from '../manifests/objects.ts';
import { applyCall, fieldManager } from '../manifests/payload.ts';
import { clientSideApply } from '../plan/hand-made.ts';
import type { KubectlCall } from '../target/target.ts';
import { managedFieldsOf } from './ownership.ts';

/** Under which name the replicas are kept until an autoscaler changes them. */
const keeper = 'handover-to-hpa';

/**
 * Deployments whose replicas the manifests leave to an autoscaler, and that nobody but those who give
 * them up owns: Kubernetes would set a number that nobody owns back to 1.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#transferring-ownership
 */
export function givenUpReplicas(
  objects: readonly KubernetesObject[],
  live: ReadonlyMap<string, KubernetesObject>,
): readonly KubernetesObject[] {
  return objects
    .filter((it) => it.kind === 'Deployment' && replicasOf(it) === undefined)
    .flatMap((rendered) => {
      const there = live.get(objectKey(rendered));
      if (!there || replicasOf(there) === undefined) return [];
      const owners = managedFieldsOf(there).filter(ownsReplicas);
      const givesUp = ({ manager = '' }) => manager === fieldManager || manager === clientSideApply;
      return owners.every(givesUp) ? [there] : [];
    });
}

/** Keep the replicas of Deployments as they were found. */
export const keepReplicas = (deployments: readonly KubernetesObject[]): readonly KubectlCall[] =>
  deployments.map((found) => {
    const { apiVersion, kind, metadata } = found;
    const { name, namespace } = metadata;
    const named = { name, ...(namespace ? { namespace } : {}) };
    const object = { apiVersion, kind, metadata: named, spec: { replicas: replicasOf(found) } };
    const call = applyCall([object], { manager: keeper, force: true });
    // The object is there: what else it needs is not ours to say.
    return { ...call, args: [...call.args, '--validate=false'] };
  });

export const replicasOf = ({ spec }: KubernetesObject): number | undefined =>
  (spec as { replicas?: number } | undefined)?.replicas;

const ownsReplicas = ({ fieldsV1 }: { readonly fieldsV1?: unknown }): boolean =>
  'f:replicas' in Object((fieldsV1 as Record<string, unknown> | undefined)?.['f:spec']);
