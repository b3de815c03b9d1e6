import { readSeen, seenCalls } from '../health/look-around.ts';
import type { Endpoints } from '../health/vantage-points.ts';
import type { KubernetesObject } from '../manifests/objects.ts';
import { withSecretVersions } from '../manifests/secret-versions.ts';
import { secretsCall } from '../manifests/secrets.ts';
import { readSecretStates, requireSecrets } from '../preflight.ts';
import type { Snapshot } from '../rollout/kubernetes.ts';
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
  /** Where the platform can be asked. */
  readonly endpoints: Endpoints;
  /** Whether it is as it was known before the Lease was taken. */
  readonly isAsKnown?: boolean;
}

/** Ask for what a release stands on. */
export const groundCalls: readonly KubectlCall[] = [...seenCalls, recordsCall];

export function readGround(target: Target, outputs: readonly KubectlOutput[]): Ground {
  const { snapshot, endpoints } = readSeen(target, outputs);
  return { before: snapshot, endpoints, records: toRecords(target, outputs[seenCalls.length]) };
}

/** Ask for what the cluster says to the objects of a release. */
export const objectCalls = (objects: readonly KubernetesObject[]): readonly KubectlCall[] => [
  secretsCall,
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
  const [secrets, ...fitness] = outputs.slice(0, objectCalls(objects).length);
  const present = readSecretStates(target, secrets);
  requireSecrets(objects, present);
  await refuseUnfit(target, objects, fitness);
  return withSecretVersions(objects, present);
}
