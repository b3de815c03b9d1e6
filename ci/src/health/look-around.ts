import type { Snapshot } from '../rollout/kubernetes.ts';
import { readSnapshot, snapshotCallsWith } from '../rollout/snapshot.ts';
import { groups } from '../target/printed.ts';
import type { KubectlOutput, Target } from '../target/target.ts';
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

/** The same with the moment before which nothing of it was seen, in milliseconds of the monotonic clock. */
export interface SeenAt extends Seen {
  readonly at: number;
}

/** Ask for both; `readSeen` reads what they print. */
export const seenCalls = snapshotCallsWith(endpointKinds, ...endpointsWanted);

export function readSeen(target: Target, outputs: readonly KubectlOutput[]): Seen {
  const snapshot = readSnapshot(target, outputs);
  const [, ...endpoints] = groups(outputs[0]?.stdout ?? '');
  return { snapshot, endpoints: parseEndpoints(endpoints) };
}

/** Asks for and reads both. */
export const lookAround = async (target: Target): Promise<Seen> =>
  readSeen(target, await target.kubectl(seenCalls));
