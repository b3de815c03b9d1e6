import { smallJob } from '../job/small-job.ts';
import type { KubernetesObject } from '../manifests/objects.ts';
import { podTemplateOf } from '../manifests/pod-template.ts';

/** Seconds that all pulls may take together. */
export const pullSeconds = 300;

interface SecretName {
  readonly name: string;
}

/**
 * A Job whose one pod has a container for each image, so that the kubelet pulls them as it will for the
 * services: with its credential provider and with their pull secrets. Each container asks `node` for
 * its version and ends, which proves besides that the node can run what is in the image.
 */
export function pullJob(
  name: string,
  images: ReadonlyMap<string, string>,
  objects: readonly KubernetesObject[],
): KubernetesObject {
  return smallJob({
    ...{ name, does: 'pull', seconds: pullSeconds },
    pod: { imagePullSecrets: pullSecretsOf(objects) },
    containers: [...images].map(([service, image]) => ({
      ...{ name: service, image, imagePullPolicy: 'IfNotPresent' },
      command: ['/usr/local/bin/node', '--version'],
      resources: {
        requests: { cpu: '1m', memory: '4Mi' },
        limits: { cpu: '250m', memory: '64Mi' },
      },
    })),
  });
}

/** What the services pull with: named by their pods, or by their ServiceAccounts. */
function pullSecretsOf(objects: readonly KubernetesObject[]): readonly SecretName[] {
  const named = objects.flatMap((object) => {
    const ofPods = podTemplateOf(object)?.spec.imagePullSecrets;
    const ofAccount = object.kind === 'ServiceAccount' ? object.imagePullSecrets : undefined;
    return [ofPods, ofAccount].flatMap((it) => (it ?? []) as readonly SecretName[]);
  });
  return [...new Set(named.map((it) => it.name))].map((name) => ({ name }));
}
