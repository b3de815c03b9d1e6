import { type Clock, systemClock } from './clock.ts';
import { secretVersions } from './preflight.ts';
import { bring } from './release/bring.ts';
import { chooseRollback } from './release/choose-rollback.ts';
import { readManifests, readRecords } from './release/records.ts';
import { imagesAfter } from './release/standing.ts';
import { objectsOnTheWayBack } from './release/way-back.ts';
import { beginRelease, type Release } from './report/release.ts';
import { createTimeline } from './report/timeline.ts';
import { takeSnapshot } from './rollout/snapshot.ts';
import type { Target } from './target/target.ts';

export interface RollbackRequest {
  readonly overlay: string;
  readonly target: Target;
  /** Id of the release to go back to; else the proven one before that which serves. */
  readonly to?: string | undefined;
  /** Services to take back; all if there are none. */
  readonly services: readonly string[];
  readonly soakSeconds: number;
  readonly say: (line: string) => void;
  readonly clock?: Clock;
  readonly timeoutSeconds?: number;
}

/**
 * Applies again what an earlier release had proven, config included, and verifies it as a new
 * release. Secrets are not part of a release: pods start with their present values.
 */
export async function rollback(request: RollbackRequest): Promise<Release> {
  const { target, overlay, say, clock = systemClock, timeoutSeconds = 600 } = request;
  const startedAt = clock.now();
  const timeline = createTimeline(clock);
  const [before, records] = await Promise.all([takeSnapshot(target), readRecords(target)]);
  const chosen = chooseRollback(records, request);
  const { serving, to, whole, services } = chosen;
  const id = to.release.id;
  say(`going back to release ${id}${whole ? '' : ` with ${services.join(', ')}`}`);
  const [recorded, applied] = await Promise.all([
    readManifests(target, id),
    readManifests(target, serving.release.id),
  ]);
  // What was changed by hand meanwhile is applied again too.
  const objects = objectsOnTheWayBack(chosen, applied, recorded) ?? applied;
  const { commit, branch } = (whole ? to : serving).release;
  const release = beginRelease(startedAt, {
    ...{ overlay, target: target.description, commit, branch },
    ...(whole ? { restores: id } : { restores: id, restoredServices: services }),
  });
  const images = imagesAfter(to.standing, services, new Map(Object.entries(serving.standing)));
  const noted = await secretVersions(target, objects);
  return bring(
    { release, objects: noted, images, before, records },
    { target, clock, say, soakSeconds: request.soakSeconds, timeoutSeconds, timeline },
  );
}
