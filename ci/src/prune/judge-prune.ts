import { type KubernetesObject, objectKey, objectName } from '../manifests/objects.ts';
import { fieldManager } from '../manifests/payload.ts';
import type { ObjectName } from './inventory.ts';

export interface PruneFacts {
  readonly candidates: readonly ObjectName[];
  /** Those of them that are there, `managedFields` included. */
  readonly live: ReadonlyMap<string, KubernetesObject>;
  /** Names of ConfigMaps that pods read, or would if their ReplicaSet made one. */
  readonly configMapsInUse: ReadonlySet<string>;
  /** How many objects serve. */
  readonly serving: number;
}

export interface Prune {
  readonly remove: readonly ObjectName[];
  /** What would go but for a rule, in words for people. */
  readonly withheld: readonly string[];
}

/** Whose end takes data or other objects with it. */
const protectedKinds: ReadonlySet<string> = new Set([
  'Namespace',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'CustomResourceDefinition',
  'Secret',
  'StorageClass',
]);

/** Share of what serves above which it is more likely that somebody rendered the wrong thing. */
const mostAtOnce = 0.3;

const label = ['app.kubernetes.io/part-of', 'whatsthecraic'] as const;

/** Which objects of earlier releases go. What bears our label and is not ours by Kubernetes' own books stays. */
export function judgePrune(facts: PruneFacts): Prune {
  const ours = facts.candidates.filter((it) => isOurs(facts.live.get(objectKey(it))));
  const unused = ours.filter(
    (it) => it.kind !== 'ConfigMap' || !facts.configMapsInUse.has(it.metadata.name),
  );
  const remove: ObjectName[] = [];
  const withheld: string[] = [];
  for (const it of unused) {
    if (!protectedKinds.has(it.kind)) remove.push(it);
    else withheld.push(`${objectName(it)}, which may hold data: remove it by hand`);
  }
  // A changed ConfigMap leaves its predecessor behind with each release; that is no sign of anything.
  const lasting = remove.filter(({ kind }) => kind !== 'ConfigMap');
  if (lasting.length <= facts.serving * mostAtOnce) return { remove, withheld };
  const many = `one of ${lasting.length} at once, beside ${facts.serving} that serve: remove it by hand if that is meant`;
  return {
    remove: remove.filter((it) => !lasting.includes(it)),
    withheld: [...withheld, ...lasting.map((it) => `${objectName(it)}, ${many}`)],
  };
}

function isOurs(live: KubernetesObject | undefined): boolean {
  if (!live) return false;
  const metadata = live.metadata as KubernetesObject['metadata'] & {
    readonly managedFields?: readonly { readonly manager?: string }[];
    readonly ownerReferences?: readonly unknown[];
    readonly deletionTimestamp?: string;
  };
  if (metadata.ownerReferences?.length || metadata.deletionTimestamp) return false;
  const [key, value] = label;
  const managers = (metadata.managedFields ?? []).map(({ manager }) => manager);
  return metadata.labels?.[key] === value && managers.includes(fieldManager);
}
