import { type KubernetesObject, objectKey, objectName } from '../manifests/objects.ts';
import { fieldManager } from '../manifests/payload.ts';
import { handedOver } from '../replicas/kept-in-dry-run.ts';
import { replicasOf } from '../replicas/replicas.ts';
import type { Asked } from './ask-cluster.ts';
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
  replaced: ReadonlySet<KubernetesObject> = new Set(),
): readonly ObjectPlan[] {
  return objects.map((rendered): ObjectPlan => {
    const key = objectKey(rendered);
    const [is, shall] = [live.get(key), wanted.get(key)];
    const changes = is && shall ? changesBetween(comparable(is), comparable(shall)) : [];
    const common = { object: objectName(rendered), changes };
    if (refused.has(key) || !shall) return { ...common, what: 'refused' };
    if (!is) return { ...common, what: 'create' };
    if (replaced.has(rendered)) {
      // The new one begins with as many pods, if the manifests leave their number to an autoscaler.
      const kept = (path: string) => path === 'spec.replicas' && replicasOf(rendered) === undefined;
      return { ...common, changes: changes.filter(({ path }) => !kept(path)), what: 'replace' };
    }
    return { ...common, what: changes.length > 0 ? 'change' : 'unchanged' };
  });
}

/** What others have set on the objects, and what we leave to them from now on. */
export function findHandMade({
  objects,
  state,
  dryRun,
  selectorChanges,
  adopt,
}: Omit<Asked, 'namespaceExists'>): readonly HandMadeField[] {
  const replaced = new Set(selectorChanges.map((it) => it.rendered));
  const set = objects.flatMap((rendered) => {
    const key = objectKey(rendered);
    const compared = {
      ...{ rendered, live: state.live.get(key) ?? {}, wanted: dryRun.wanted.get(key) },
      ...{ adopt, replaced: replaced.has(rendered) },
    };
    return handMade(compared).map((it) => ({ object: objectName(rendered), ...it }));
  });
  const given = handedOver(objects, state.live).map(
    (it): HandMadeField => ({
      ...{ object: objectName(it), path: 'spec.replicas', manager: fieldManager },
      ...{ live: String(replicasOf(it)), fate: 'handed over' },
    }),
  );
  return [...set, ...given];
}
