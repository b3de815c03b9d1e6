import type { KubernetesObject } from '../manifests/objects.ts';
import { lookUpCalls, readLookUps } from '../plan/cluster-state.ts';
import { selectorChanges } from '../plan/selector-change.ts';
import type { Candidate } from '../release/bring.ts';
import { newestProven } from '../release/way-back.ts';
import type { Target } from '../target/target.ts';
import { foundSetsCall, readFoundSets } from './found-sets.ts';
import { planTakeover, type Takeover } from './takeover.ts';
import { readTakeover, takeoverCall } from './takeover-record.ts';

/** What a takeover stands on. */
export interface Ground {
  readonly live: ReadonlyMap<string, KubernetesObject>;
  readonly takeover: Takeover;
  /** Whether it is undone by its own record, and not by a release that was proven before. */
  readonly recorded: boolean;
}

/** What is there; after a takeover that was broken off what that one found, since it has changed it. */
export async function lookAtGround(
  { objects, records, release }: Candidate,
  target: Target,
): Promise<Ground> {
  const [record, sets, ...lookUps] = await target.kubectl([
    takeoverCall,
    foundSetsCall,
    ...lookUpCalls(objects),
  ]);
  const live = readLookUps(target, lookUps);
  const begun = readTakeover(target, record);
  if (begun) return { live, takeover: begun, recorded: true };
  const changes = selectorChanges(objects, { live });
  const takeover = planTakeover(objects, live, changes, readFoundSets(target, sets));
  const recorded = changes.length > 0 || !newestProven(records, release.overlay);
  return { live, takeover, recorded };
}
