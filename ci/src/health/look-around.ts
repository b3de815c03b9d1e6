import type { Snapshot } from '../rollout/kubernetes.ts';
import { readSnapshot, snapshotCallWith } from '../rollout/snapshot.ts';
import { groups } from '../target/printed.ts';
import type { KubectlCall, KubectlOutput, Target } from '../target/target.ts';
import {
  type Endpoints,
  endpointKinds,
  endpointsWanted,
  parseEndpoints,
} from './vantage-points.ts';

/** The platform, and where it can be asked. */
export interface Seen {
  readonly endpoints: Endpoints;
  readonly snapshot: Snapshot;
}

/** Asks for both; `readSeen` reads what it prints. */
export const seenCall: KubectlCall = snapshotCallWith(endpointKinds, ...endpointsWanted);

export function readSeen(target: Target, output: KubectlOutput | undefined): Seen {
  const snapshot = readSnapshot(target, output);
  const [, , ...endpoints] = groups(output?.stdout ?? '');
  return { snapshot, endpoints: parseEndpoints(endpoints) };
}

/** Asks for and reads both. */
export const lookAround = async (target: Target): Promise<Seen> =>
  readSeen(target, (await target.kubectl([seenCall]))[0]);
