import { objectKey, resourceName } from '../manifests/objects.ts';
import { lookUpCalls, readLookUps } from '../plan/cluster-state.ts';
import { expiredRecords } from '../release/records.ts';
import type { ClosingStep, Ended } from '../release/steps.ts';
import { jsonPath, records as recordsIn } from '../rollout/snapshot.ts';
import type { KubectlCall } from '../target/target.ts';
import { pruneCandidates } from './candidates.ts';
import { type ObjectName, parseNames } from './inventory.ts';
import { judgePrune } from './judge-prune.ts';

const podsOfSets: KubectlCall = {
  args: [
    ...['get', 'replicasets', '-o'],
    jsonPath([
      '.spec.replicas',
      '.status.replicas',
      '.spec.template.spec.containers[*].envFrom[*].configMapRef.name',
      '.spec.template.spec.containers[*].env[*].valueFrom.configMapKeyRef.name',
      '.spec.template.spec.volumes[*].configMap.name',
    ]),
  ],
};

/**
 * Removes what earlier releases have applied and what serves does not hold, once that is proven. What
 * there is to remove is known from the records; the cluster is asked only if there is something.
 */
export const prune: ClosingStep = async (ended, { target, say }) => {
  if (!isProven(ended)) return [];
  const candidates = candidatesOf(ended);
  if (candidates.length === 0) return [];
  const [sets, ...lookUps] = await target.kubectl([podsOfSets, ...lookUpCalls(candidates)]);
  // Without knowing what pods read, nothing goes.
  if (sets?.exitCode !== 0) return [];
  const inUse = recordsIn(sets.stdout)
    .filter(([wanted, there]) => Number(wanted) > 0 || Number(there) > 0)
    .flatMap((cells) => cells.slice(2).flatMap((cell) => cell.split(' ')));
  const { remove, withheld } = judgePrune({
    candidates,
    live: readLookUps(target, lookUps),
    configMapsInUse: new Set(inUse),
    serving: ended.objects.length,
  });
  for (const it of withheld) say(`not removed: ${it}`);
  if (remove.length === 0) return [];
  const names = remove.map(resourceName);
  say(`removing what no release holds any more: ${names.join(', ')}`);
  return [{ args: ['delete', '--ignore-not-found', '--wait=false', ...names], timeoutSeconds: 60 }];
};

/** A whole state: all of this release, or all of the one that it went back to. */
const isProven = ({ release: { state, wentBack } }: Ended): boolean =>
  state === 'verified' ||
  (state === 'rolled-back' && wentBack?.proven === true && wentBack.to !== 'found');

function candidatesOf({ release, records, applied, objects }: Ended): readonly ObjectName[] {
  const own = records.filter((it) => it.release.overlay === release.overlay);
  const expired = new Set(expiredRecords(records, release.overlay));
  const namesOf = (goes: boolean) =>
    own.filter((it) => expired.has(it.release.id) === goes).map((it) => parseNames(it.inventory));
  const key = new Set(objects.map(objectKey));
  return pruneCandidates({
    kept: namesOf(false),
    going: [...namesOf(true), applied.filter((it) => !key.has(objectKey(it)))],
    serving: objects,
  });
}
