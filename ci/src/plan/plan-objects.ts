import { type KubernetesObject, objectKey, objectName } from '../manifests/objects.ts';
import type { ClusterState } from './cluster-state.ts';
import { comparable } from './comparable.ts';
import { changesBetween } from './diff.ts';
import type { DryRun } from './dry-run.ts';
import { handMade } from './hand-made.ts';
import type { HandMadeField, ObjectPlan } from './plan.ts';

/** What becomes of each object: what is there against what the server says would be there. */
export function planObjects(
  objects: readonly KubernetesObject[],
  { live }: Pick<ClusterState, 'live'>,
  { wanted, refused }: Pick<DryRun, 'wanted' | 'refused'>,
): readonly ObjectPlan[] {
  return objects.map((rendered): ObjectPlan => {
    const key = objectKey(rendered);
    const [is, shall] = [live.get(key), wanted.get(key)];
    const changes = is && shall ? changesBetween(comparable(is), comparable(shall)) : [];
    const common = { object: objectName(rendered), changes };
    if (refused.has(key) || !shall) return { ...common, what: 'refused' };
    if (!is) return { ...common, what: 'create' };
    return { ...common, what: changes.length > 0 ? 'change' : 'unchanged' };
  });
}

/** What others have set on the objects. */
export function findHandMade(
  objects: readonly KubernetesObject[],
  { live }: Pick<ClusterState, 'live'>,
  { wanted }: Pick<DryRun, 'wanted'>,
): readonly HandMadeField[] {
  return objects.flatMap((rendered) => {
    const is = live.get(objectKey(rendered));
    const compared = { rendered, live: is ?? {}, wanted: wanted.get(objectKey(rendered)) };
    return handMade(compared).map((it) => ({ object: objectName(rendered), ...it }));
  });
}
