import { type KubernetesObject, objectKey, objectName } from '../manifests/objects.ts';
import type { ClusterState } from './cluster-state.ts';
import type { Finding } from './finding.ts';

/** Whether an overlay is reached from outside, and so needs what lies in k8s/node. */
export const needsNodeObjects = (objects: readonly KubernetesObject[]): boolean =>
  objects.some(({ kind }) => kind === 'Ingress');

/** Which objects of k8s/node the cluster lacks; a deploy never applies them. */
export function missingOnNode(
  nodeObjects: readonly KubernetesObject[],
  { live }: Pick<ClusterState, 'live'>,
): readonly Finding[] {
  return nodeObjects
    .filter((it) => !live.has(objectKey(it)))
    .map((it) => {
      const place = it.metadata.namespace ? ` in ${it.metadata.namespace}` : '';
      const message = `${objectName(it)}${place} is absent: apply k8s/node by hand once.`;
      return { code: 'NODE_NOT_PREPARED', message };
    });
}
