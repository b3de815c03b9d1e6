import { type KubernetesObject, objectKey } from '../manifests/objects.ts';
import { lookUpCalls, readLookUps } from '../plan/cluster-state.ts';
import type { ReleaseRecord } from '../release/record.ts';
import { expiredRecords } from '../release/records.ts';
import { jsonPath, records as recordsIn } from '../target/printed.ts';
import type { KubectlCall, KubectlOutput, Target } from '../target/target.ts';
import { pruneCandidates } from './candidates.ts';
import { type ObjectName, parseNames } from './inventory.ts';

export interface Behind {
  readonly overlay: string;
  /** Of the releases before the one that serves then. */
  readonly records: readonly ReleaseRecord[];
  /** What serves then. */
  readonly objects: readonly KubernetesObject[];
  /** What was applied on the way: the same, unless something went back. */
  readonly applied?: readonly KubernetesObject[];
}

/** What earlier releases have applied and what serves does not hold, by their records alone. */
export function leftBehind({
  overlay,
  records,
  objects,
  applied = objects,
}: Behind): readonly ObjectName[] {
  const key = new Set(objects.map(objectKey));
  const { kept, going } = inventories(overlay, records);
  return pruneCandidates({
    kept,
    going: [...going, applied.filter((it) => !key.has(objectKey(it)))],
    serving: objects,
  });
}

/** Keys of the objects that releases on record name, so that one can go back to them. */
export const namedOnRecord = ({ overlay, records }: Pick<Behind, 'overlay' | 'records'>) =>
  new Set(inventories(overlay, records).kept.flat().map(objectKey));

function inventories(overlay: string, records: readonly ReleaseRecord[]) {
  const own = records.filter((it) => it.release.overlay === overlay);
  const expired = new Set(expiredRecords(records, overlay));
  const namesOf = (goes: boolean) =>
    own.filter((it) => expired.has(it.release.id) === goes).map((it) => parseNames(it.inventory));
  return { kept: namesOf(false), going: namesOf(true) };
}

/** A ReplicaSet that has pods, or would make one. */
interface PodSet {
  /** The Deployment that it belongs to. */
  readonly owner: string;
  readonly configMaps: readonly string[];
}

/** What a cluster says of what was left behind. */
export interface FoundBehind {
  readonly candidates: readonly ObjectName[];
  /** Those of them that are there, `managedFields` included. */
  readonly live: ReadonlyMap<string, KubernetesObject>;
  readonly sets: readonly PodSet[];
}

const podsOfSets: KubectlCall = {
  args: [
    ...['get', 'replicasets', '-o'],
    jsonPath([
      '.metadata.ownerReferences[0].name',
      '.spec.replicas',
      '.status.replicas',
      '.spec.template.spec.containers[*].envFrom[*].configMapRef.name',
      '.spec.template.spec.containers[*].env[*].valueFrom.configMapKeyRef.name',
      '.spec.template.spec.volumes[*].configMap.name',
    ]),
  ],
};

/** Asks what is there of the candidates and what pods read; nothing is known where that is not told. */
export async function findBehind(
  target: Target,
  candidates: readonly ObjectName[],
): Promise<FoundBehind | undefined> {
  if (candidates.length === 0) return undefined;
  const [sets, ...lookUps] = await target.kubectl([podsOfSets, ...lookUpCalls(candidates)]);
  if (sets?.exitCode !== 0) return undefined;
  return { candidates, live: readLookUps(target, lookUps), sets: readSets(sets) };
}

const readSets = ({ stdout }: KubectlOutput): readonly PodSet[] =>
  recordsIn(stdout)
    .filter(([, wanted, there]) => Number(wanted) > 0 || Number(there) > 0)
    .map(([owner = '', , , ...cells]) => ({
      owner,
      configMaps: cells.flatMap((cell) => cell.split(' ').filter(Boolean)),
    }));
