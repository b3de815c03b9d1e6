import { type Clock, systemClock } from '../clock.ts';
import type { KubernetesObject } from '../manifests/objects.ts';
import { mayPass, patiently } from '../patiently.ts';
import type { Timeline } from '../report/timeline.ts';
import type { KubectlCall, KubectlOutput, Target } from '../target/target.ts';
import { finishFirst } from './finish-dead.ts';
import { type Ground, groundCalls, readGround } from './ground.ts';
import type { LeaseWatch } from './lease-watch.ts';
import type { RollOutOptions } from './roll-out.ts';
import { takeLease } from './take-lease.ts';

/** What a change of the platform is asked with, whichever it is. */
export interface ChangeRequest {
  readonly overlay: string;
  readonly target: Target;
  /** Who asks; for the record, and for whoever has to wait. */
  readonly by?: string | undefined;
  /** Seconds to wait for somebody else's change; a dead one's Lease takes a minute to end. */
  readonly waitSeconds?: number;
  readonly soakSeconds: number;
  readonly say: (line: string) => void;
  readonly clock?: Clock;
  /** Seconds that the rollouts may take; the founding document gives them ten minutes. */
  readonly timeoutSeconds?: number;
}

export interface LeaseRequest {
  /** Id of the release that is to come, as far as it is known. */
  readonly release: string;
  readonly timeline: Timeline;
  readonly watch?: LeaseWatch;
  readonly namespace?: KubernetesObject | undefined;
  /** Read in the same round trip; read again if a dead release had to be finished first. */
  readonly reads?: readonly KubectlCall[];
}

/** Pleasant to wait for, and longer than a dead one's Lease lives. */
export const defaultWaitSeconds = 90;

/**
 * Does work while nobody else changes the platform, and on firm ground: what a dead client left
 * unfinished is taken to its end first. The Lease is given back whatever comes of it.
 */
export async function underLease<T>(
  request: ChangeRequest,
  { release, timeline, watch, namespace, reads = [] }: LeaseRequest,
  work: (ground: Ground, options: RollOutOptions, outputs: readonly KubectlOutput[]) => Promise<T>,
): Promise<T> {
  const { target, overlay, by = '', say, clock = systemClock, timeoutSeconds = 600 } = request;
  const { waitSeconds = defaultWaitSeconds, soakSeconds } = request;
  const calls = [...groundCalls, ...reads];
  const taken = await takeLease({
    ...{ target, clock, say, release, by, waitSeconds, namespace, reads: calls },
    ...(watch ? { watch } : {}),
  });
  const { held } = taken;
  const options = { held, target: held.target, clock, say, soakSeconds, timeoutSeconds, timeline };
  const onFirmGround = async (): Promise<T> => {
    const ground = readGround(target, taken.reads);
    if (!(await finishFirst(ground, overlay, options))) {
      return work(ground, options, taken.reads.slice(groundCalls.length));
    }
    const again = await patiently(clock, () => held.target.kubectl(calls));
    return work(readGround(target, again), options, again.slice(groundCalls.length));
  };
  try {
    const result = await onFirmGround();
    await held.giveBack();
    return result;
  } catch (error) {
    // Who cannot be reached cannot be told either: the Lease ends by itself.
    if (!mayPass(error)) await held.giveBack();
    throw error;
  }
}
