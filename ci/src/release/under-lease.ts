import { type Clock, systemClock } from '../clock.ts';
import { PipelineError } from '../errors.ts';
import type { KubernetesObject } from '../manifests/objects.ts';
import { mayPass, patiently } from '../patiently.ts';
import type { Release } from '../report/release.ts';
import type { Timeline } from '../report/timeline.ts';
import type { KubectlCall, KubectlOutput, Target } from '../target/target.ts';
import { refusals } from './bring.ts';
import { finishDead, unfinished } from './finish-dead.ts';
import { type Ground, groundCalls, readGround } from './ground.ts';
import { NotTaken } from './held-lease.ts';
import type { KnownReads } from './known-reads.ts';
import type { LeaseWatch } from './lease-watch.ts';
import type { ReleaseRecord } from './record.ts';
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
  /** Whether the caller knows by other means that whoever holds the Lease is dead. */
  readonly holderIsDead?: boolean;
  readonly soakSeconds: number;
  readonly say: (line: string) => void;
  readonly clock?: Clock;
  /** Seconds that the rollouts may take; the founding document gives them ten minutes. */
  readonly timeoutSeconds?: number;
}

/** What a change stands on, and the dead release that was finished for it, if there was one. */
export type FirmGround = Ground & { readonly finished?: Release };

export type Work<T> = (
  ground: FirmGround,
  options: RollOutOptions,
  /** Of the reads that were asked for. */
  outputs: readonly KubectlOutput[],
) => Promise<T>;

export interface LeaseRequest {
  /** Id of the release that is to come, as far as it is known. */
  readonly release: string;
  readonly timeline: Timeline;
  readonly watch?: LeaseWatch;
  readonly namespace?: KubernetesObject | undefined;
  /** Read in the same round trip; read again if a dead release had to be finished first. */
  readonly reads?: readonly KubectlCall[];
  /** What was read before of the ground and of those. */
  readonly known?: KnownReads;
}

/** Pleasant to wait for, and longer than a dead one's Lease lives. */
export const defaultWaitSeconds = 90;

/**
 * Does work while nobody else changes the platform, and on firm ground: what a dead client left
 * unfinished is taken to its end first. The Lease is given back whatever comes of it. Work that had not
 * changed anything yet when somebody else took the Lease is done from its beginning, once that is over.
 */
export async function underLease<T>(
  request: ChangeRequest,
  lease: LeaseRequest,
  work: Work<T>,
): Promise<T> {
  try {
    return await underOneLease(request, lease, work);
  } catch (error) {
    if (!(error instanceof NotTaken)) throw error;
    const { known, ...anew } = lease;
    return underOneLease(request, anew, work);
  }
}

async function underOneLease<T>(
  request: ChangeRequest,
  { release, timeline, watch, namespace, reads = [], known }: LeaseRequest,
  work: Work<T>,
): Promise<T> {
  const { target, overlay, by = '', say, clock = systemClock, timeoutSeconds = 600 } = request;
  const { waitSeconds = defaultWaitSeconds, soakSeconds, holderIsDead } = request;
  const calls = [...groundCalls, ...reads];
  const taken = await takeLease({
    ...{ target, clock, say, release, by, waitSeconds, holderIsDead },
    ...{ namespace, reads: calls, known },
    ...(watch ? { watch } : {}),
  });
  const { held } = taken;
  const options = { held, target: held.target, clock, say, soakSeconds, timeoutSeconds, timeline };
  const onFirmGround = async (): Promise<T> => {
    const ground = { ...readGround(target, taken.reads), isAsKnown: taken.areKnown };
    const dead = unfinished(ground.records, overlay);
    if (!dead) return work(ground, options, taken.reads.slice(groundCalls.length));
    const finished = await finish(dead, ground, options);
    const again = await patiently(clock, () => held.target.kubectl(calls));
    const changed = { ...readGround(target, again), ...(finished ? { finished } : {}) };
    return work(changed, options, again.slice(groundCalls.length));
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

/** That a dead release is refused now is told, and no reason to refuse what comes after it. */
async function finish(
  dead: ReleaseRecord,
  ground: Ground,
  options: RollOutOptions,
): Promise<Release | undefined> {
  try {
    return await finishDead(dead, ground, options);
  } catch (error) {
    const refused = error instanceof PipelineError && refusals.has(error.code);
    if (!refused) throw error;
    options.say(error.what);
    return undefined;
  }
}
