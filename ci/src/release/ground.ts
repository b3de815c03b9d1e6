import type { KubernetesObject } from '../manifests/objects.ts';
import { withSecretVersions } from '../manifests/secret-versions.ts';
import { readSecretStates, requireSecrets, secretCalls } from '../preflight.ts';
import type { Snapshot } from '../rollout/kubernetes.ts';
import { readSnapshot, snapshotCalls } from '../rollout/snapshot.ts';
import type { KubectlCall, KubectlOutput, Target } from '../target/target.ts';
import type { ReleaseRecord } from './record.ts';
import { recordsCall, toRecords } from './records.ts';
import { fitnessCalls, refuseUnfit } from './unfit-objects.ts';

/** What a release stands on. */
export interface Ground {
  /** The platform before it. */
  readonly before: Snapshot;
  /** The records of earlier releases, the newest first. */
  readonly records: readonly ReleaseRecord[];
}

/** Ask for what a release stands on. */
export const groundCalls: readonly KubectlCall[] = [...snapshotCalls, recordsCall];

export const readGround = (target: Target, outputs: readonly KubectlOutput[]): Ground => ({
  before: readSnapshot(target, outputs),
  records: toRecords(target, outputs[snapshotCalls.length]),
});

/** Ask for what the cluster says to the objects of a release. */
export const objectCalls = (objects: readonly KubernetesObject[]): readonly KubectlCall[] => [
  ...secretCalls(objects),
  ...fitnessCalls(objects),
];

/**
 * The objects with the versions of the Secrets that they use; `outputs` begin with those of
 * `objectCalls`. Throws if a Secret lacks a key, if a Deployment is paused, or if an object is being
 * deleted.
 */
export async function fitObjects(
  target: Target,
  objects: readonly KubernetesObject[],
  outputs: readonly KubectlOutput[],
): Promise<readonly KubernetesObject[]> {
  const secrets = outputs.slice(0, secretCalls(objects).length);
  const present = readSecretStates(target, secrets);
  requireSecrets(objects, present);
  const fitness = outputs.slice(secrets.length, objectCalls(objects).length);
  await refuseUnfit(target, objects, fitness);
  return withSecretVersions(objects, present);
}
