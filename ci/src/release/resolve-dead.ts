import { systemClock } from '../clock.ts';
import { PipelineError } from '../errors.ts';
import type { Release } from '../report/release.ts';
import { createTimeline } from '../report/timeline.ts';
import { unfinished } from './finish-dead.ts';
import { type Lease, readCall } from './lease.ts';
import { readLease } from './lease-calls.ts';
import { LeaseWatch } from './lease-watch.ts';
import { recordsCall, toRecords } from './records.ts';
import { type ChangeRequest, underLease } from './under-lease.ts';

export interface Resolved {
  /** Who holds the Lease, as far as it is known. */
  readonly lease: Lease;
  /** A release that was unfinished and dead, and how it ended now. */
  readonly finished?: Release;
}

/**
 * Takes to its end what a dead client left unfinished. Where somebody holds the Lease it is waited for
 * `waitSeconds` whether he lives, for no longer; with none the answer comes at once.
 */
export async function resolveDead(request: ChangeRequest): Promise<Resolved> {
  const { target, overlay, waitSeconds = 0, clock = systemClock } = request;
  const [seen, recorded] = await target.kubectl([readCall(target.namespace), recordsCall]);
  const lease = readLease(target, seen);
  const dead = unfinished(toRecords(target, recorded), overlay);
  if (!dead || (lease.holder && waitSeconds === 0)) return { lease };
  const watch = new LeaseWatch(clock);
  watch.see(lease);
  try {
    const asked = { release: dead.release.id, timeline: createTimeline(clock), watch };
    return await underLease({ ...request, waitSeconds }, asked, async ({ finished }) => ({
      lease: { ...lease, holder: '' },
      ...(finished ? { finished } : {}),
    }));
  } catch (error) {
    if (error instanceof PipelineError && error.code === 'LOCKED') return { lease };
    throw error;
  }
}
