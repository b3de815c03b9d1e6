import { type KubernetesObject, objectKey } from '../manifests/objects.ts';
import type { DryRun } from '../plan/dry-run.ts';
import { fateOfReplicas, keeper, replicasOf, replicasOwners } from './replicas.ts';

/**
 * What a deploy would leave behind: the server is asked about the apply alone, before which the deploy
 * hands over replicas and takes them back.
 */
export function withKeptReplicas(
  answer: DryRun,
  objects: readonly KubernetesObject[],
  live: ReadonlyMap<string, KubernetesObject>,
): DryRun {
  const wanted = new Map(answer.wanted);
  const refused = new Map(answer.refused);
  for (const { object, key, is, fate } of fates(objects, live)) {
    const shall = wanted.get(key);
    if (fate === 'kept' && shall) {
      wanted.set(key, { ...shall, spec: { ...Object(shall.spec), replicas: replicasOf(is) } });
    }
    if (fate === 'taken back' && isOwnConflict(refused.get(objectKey(object)))) refused.delete(key);
  }
  return { ...answer, wanted, refused };
}

/** Deployments whose replicas the manifests leave out from now on; they stay as they are. */
export const handedOver = (
  objects: readonly KubernetesObject[],
  live: ReadonlyMap<string, KubernetesObject>,
): readonly KubernetesObject[] =>
  fates(objects, live)
    .filter(({ fate }) => fate === 'kept')
    .map(({ is }) => is);

function fates(objects: readonly KubernetesObject[], live: ReadonlyMap<string, KubernetesObject>) {
  return objects.flatMap((object) => {
    const key = objectKey(object);
    const is = live.get(key);
    const replicas = is && replicasOf(is);
    if (object.kind !== 'Deployment' || !is || replicas === undefined) return [];
    const fate = fateOfReplicas(replicasOf(object), { replicas, owners: replicasOwners(is) });
    return [{ object, key, is, fate }];
  });
}

const isOwnConflict = (words = ''): boolean =>
  words.startsWith('Apply failed with 1 conflict') && words.includes(`"${keeper}"`);
