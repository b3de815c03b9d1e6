import type { Snapshot } from '../rollout/kubernetes.ts';
import { readSnapshot, snapshotCall } from '../rollout/snapshot.ts';
import type { KubectlCall, KubectlOutput, Target } from '../target/target.ts';
import { type Endpoints, endpointsCall, readEndpoints } from './vantage-points.ts';

/** The platform, and where it can be asked. */
export interface Seen {
  readonly endpoints: Endpoints;
  readonly snapshot: Snapshot;
}

/** Ask for both; `readSeen` reads what they print. */
export const seenCalls: readonly KubectlCall[] = [endpointsCall, snapshotCall];

export const readSeen = (target: Target, [where, what]: readonly KubectlOutput[]): Seen => ({
  endpoints: readEndpoints(target, where),
  snapshot: readSnapshot(target, what),
});

/** Asks for and reads both in one round trip. */
export const lookAround = async (target: Target): Promise<Seen> =>
  readSeen(target, await target.kubectl(seenCalls));
