import { type Lease, leaseSeconds } from '../release/lease.ts';
import type { Release } from '../report/release.ts';
import type { Look } from './ask.ts';
import type { ReleaseUnderWay } from './status.ts';

/** A holder's clock may differ from ours by this much before we are wrong about it. */
const toleratedSkewSeconds = 60;

/**
 * The release that has not ended: the Lease's holder, or one whose record says that it goes on. Without
 * anybody who holds the Lease it is dead; of a holder only silence tells, and the clock that it wrote by.
 */
export function underWayOf(
  begun: Release | undefined,
  { lease, renewedAt, at }: Pick<Look, 'lease' | 'renewedAt' | 'at'>,
): ReleaseUnderWay | undefined {
  if (lease && lease.holder !== '') {
    const silent = renewedAt ? (at.getTime() - renewedAt.getTime()) / 1_000 : 0;
    return { ...toUnderWay(lease), dead: silent > leaseSeconds + toleratedSkewSeconds };
  }
  if (!begun) return undefined;
  const { id, by, startedAt } = begun;
  const nobody = lease ? { dead: true } : {};
  return { release: id, ...(by ? { by } : {}), since: startedAt, ...nobody };
}

const toUnderWay = ({ holder, by, since, step }: Lease): ReleaseUnderWay => ({
  release: holder,
  ...(by ? { by } : {}),
  since,
  ...(step ? { step } : {}),
});
