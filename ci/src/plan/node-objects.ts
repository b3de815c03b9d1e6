import { isDeepStrictEqual } from 'node:util';
import { type KubernetesObject, objectKey, objectName } from '../manifests/objects.ts';
import type { ClusterState } from './cluster-state.ts';
import type { Finding } from './finding.ts';

/** Whether an overlay is reached from outside, and so needs what lies in k8s/node. */
export const needsNodeObjects = (objects: readonly KubernetesObject[]): boolean =>
  objects.some(({ kind }) => kind === 'Ingress');

/** The classes that the Ingresses name, which whoever serves them brings along. */
export function ingressClasses(objects: readonly KubernetesObject[]): KubernetesObject[] {
  const names = objects
    .filter(({ kind }) => kind === 'Ingress')
    .flatMap(
      (it) => (it.spec as { ingressClassName?: string } | undefined)?.ingressClassName ?? [],
    );
  return [...new Set(names)].map((name) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name },
  }));
}

/** What the cluster lacks of what a node is given by hand; a deploy never applies any of it. */
export function missingOnNode(
  nodeObjects: readonly KubernetesObject[],
  objects: readonly KubernetesObject[],
  { live, nodes = [] }: Pick<ClusterState, 'live' | 'nodes'>,
): readonly Finding[] {
  const messages = [
    ...nodeObjects.flatMap((it) => {
      const place = it.metadata.namespace ? ` in ${it.metadata.namespace}` : '';
      const there = live.get(objectKey(it));
      if (!there) return `${objectName(it)}${place} is absent: apply k8s/node by hand once.`;
      if (isDeepStrictEqual(there.spec, it.spec)) return [];
      return `${objectName(it)}${place} is not as k8s/node has it: apply k8s/node again.`;
    }),
    ...ingressClasses(objects)
      .filter((it) => !live.has(objectKey(it)))
      .map(
        (it) =>
          `${objectName(it)}, which the Ingress names, is absent: Traefik was not installed, and no host will lead anywhere.`,
      ),
    ...(pullsFromEcr(objects) && !namesPullSecrets(objects)
      ? nodes
          // Others' nodes have a provider of their own.
          .filter(({ kubelet, ecrProvider }) => kubelet.includes('+k3s') && ecrProvider === '')
          .map(
            ({ name }) =>
              `Node ${name} bears no mark that it can pull from ECR: run k8s/node/set-up-ecr-pulls.sh on it, or let the overlay take components/pull-secret.`,
          )
      : []),
  ];
  return messages.map((message) => ({ code: 'NODE_NOT_PREPARED', message }));
}

const pullsFromEcr = (objects: readonly KubernetesObject[]): boolean =>
  objects.some(
    (it) =>
      it.kind === 'Deployment' &&
      /"image":"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com\//.test(JSON.stringify(it.spec)),
  );

const namesPullSecrets = (objects: readonly KubernetesObject[]): boolean =>
  objects.some((it) => it.kind === 'ServiceAccount' && 'imagePullSecrets' in it);
