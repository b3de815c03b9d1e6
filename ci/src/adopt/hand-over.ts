import { type KubernetesObject, objectKey } from '../manifests/objects.ts';
import { fieldManager } from '../manifests/payload.ts';
import { clientSideApply } from '../plan/hand-made.ts';
import { keepCall } from '../replicas/hand-over.ts';
import { fateOfReplicas, onlyReplicas, replicasOf, replicasOwners } from '../replicas/replicas.ts';
import type { KubectlCall } from '../target/target.ts';

/** Whose replicas a takeover takes for its own. */
const ours = [fieldManager, clientSideApply];

/** Deployments whose replicas the manifests leave to an autoscaler, and that none but these has set. */
export function givenUpReplicas(
  objects: readonly KubernetesObject[],
  live: ReadonlyMap<string, KubernetesObject>,
): readonly KubernetesObject[] {
  return objects
    .filter((it) => it.kind === 'Deployment' && replicasOf(it) === undefined)
    .flatMap((rendered) => {
      const there = live.get(objectKey(rendered));
      const replicas = there && replicasOf(there);
      if (!there || replicas === undefined) return [];
      const owners = replicasOwners(there);
      return fateOfReplicas(undefined, { replicas, owners }, ours) === 'kept' ? [there] : [];
    });
}

/** Keep the replicas of Deployments as they were found. */
export const keepReplicas = (deployments: readonly KubernetesObject[]): readonly KubectlCall[] =>
  deployments.map((found) =>
    keepCall([onlyReplicas(found, replicasOf(found) ?? 1)], { force: true }),
  );
