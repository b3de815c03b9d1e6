import { type KubernetesObject, objectKey, objectName } from '../manifests/objects.ts';
import { containersOf, podTemplateOf } from '../manifests/pod-template.ts';
import type { ClusterState } from './cluster-state.ts';
import type { Finding } from './finding.ts';

/** Where files are expected to vanish. */
const scratch = /^\/(?:var\/)?tmp(?:\/|$)/;

/** Folders that live as long as a pod does, of Deployments whose pods will be replaced. */
export const lostData = (
  rolling: readonly KubernetesObject[],
  { live }: Pick<ClusterState, 'live'>,
): readonly Finding[] =>
  rolling.flatMap((rendered) => {
    const there = live.get(objectKey(rendered));
    const folders = there ? passingFolders(there) : [];
    if (folders.length === 0) return [];
    const message = `${objectName(rendered)}: what its pods have written to ${folders.join(' and ')} is lost with them, since it is an emptyDir.`;
    return { code: 'DATA_LOST', message };
  });

function passingFolders(object: KubernetesObject): readonly string[] {
  const template = podTemplateOf(object);
  if (!template) return [];
  const volumes = (template.spec.volumes ?? []).filter(({ emptyDir }) => emptyDir !== undefined);
  const names = new Set(volumes.map(({ name }) => name));
  const mounts = containersOf(template).flatMap(
    ({ volumeMounts = [] }) => volumeMounts as { name: string; mountPath: string }[],
  );
  const folders = mounts.filter(({ name }) => names.has(name)).map(({ mountPath }) => mountPath);
  return [...new Set(folders)].filter((it) => !scratch.test(it)).toSorted();
}
