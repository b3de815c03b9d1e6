import { systemClock } from './clock.ts';
import { PipelineError } from './errors.ts';
import { restoredSchema } from './migrate/release-schema.ts';
import { refuseDiskPressure } from './nodes/disk-pressure.ts';
import { nodesCall, readNodes } from './nodes/nodes.ts';
import { isGone, pull } from './pull/pull-step.ts';
import { bring } from './release/bring.ts';
import { choices, chooseRollback, type RollbackChoice } from './release/choose-rollback.ts';
import { fitObjects, type Ground, objectCalls } from './release/ground.ts';
import type { ReleaseRecord } from './release/record.ts';
import { readManifests } from './release/records.ts';
import type { RollOutOptions } from './release/roll-out.ts';
import { imagesAfter } from './release/standing.ts';
import { type ChangeRequest, underLease } from './release/under-lease.ts';
import { requireRoom } from './release/waves-for.ts';
import { objectsOnTheWayBack } from './release/way-back.ts';
import { beginRelease, type Release } from './report/release.ts';
import { createTimeline } from './report/timeline.ts';

export interface RollbackRequest extends ChangeRequest {
  /** Id of the release to go back to; else the proven one before that which serves. */
  readonly to?: string | undefined;
  /** Services to take back; all if there are none. */
  readonly services: readonly string[];
}

/**
 * Applies again what an earlier release had proven, config included, and verifies it as a new
 * release. Secrets are not part of a release: pods start with their present values.
 */
export async function rollback(request: RollbackRequest): Promise<Release> {
  const lease = {
    release: `rollback${request.to ? ` to ${request.to}` : ''}`,
    timeline: createTimeline(request.clock ?? systemClock),
  };
  return underLease(request, lease, (ground, options) => restore(request, ground, options));
}

async function restore(
  request: RollbackRequest,
  ground: Ground,
  options: RollOutOptions,
  /** Ids of releases whose images are gone. */
  gone: readonly string[] = [],
): Promise<Release> {
  const { overlay, by, clock = systemClock, say } = request;
  const { held, target } = options;
  const since = clock.monotonic();
  const { records } = ground;
  const chosen = chooseRollback(records, { ...request, gone });
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
  const schema = restoredSchema(whole ? to : serving, records);
  const begun = beginRelease(
    clock.now(),
    {
      ...{ overlay, target: target.description, commit, branch, ...(by ? { by } : {}) },
      ...(whole ? { restores: id } : { restores: id, restoredServices: services }),
    },
    records[0]?.release.id,
  );
  const release = { ...begun, ...(schema ? { schema } : {}) };
  held.at('prepare', release.id);
  const images = imagesAfter(to.standing, services, new Map(Object.entries(serving.standing)));
  const fit = await fitObjects(target, objects, await target.kubectl(objectCalls(objects)));
  const nodes = await readNodes(target, (await target.kubectl([nodesCall]))[0]);
  if (nodes) refuseDiskPressure(nodes);
  const waves = await requireRoom(fit, { before: ground.before, nodes }, target);
  const candidate = { ...ground, release, objects: fit, images, since, nodes, waves };
  try {
    // An image may be gone that could be had then.
    await pull(candidate, options);
  } catch (error) {
    if (!(error instanceof PipelineError) || !isGone(error.code)) throw error;
    if (request.to !== undefined) throw imagesGone(chosen, records, overlay, error);
    say(`release ${id} cannot be gone back to: ${error.summary}`);
    return restore(request, ground, options, [...gone, id]);
  }
  return bring(candidate, options);
}

/** The release that was asked for by name cannot run any more; another one is a person's choice. */
function imagesGone(
  { to: { release } }: RollbackChoice,
  records: readonly ReleaseRecord[],
  overlay: string,
  error: PipelineError,
): PipelineError {
  const others = records.filter((it) => it.release.id !== release.id);
  const again = `Deploy commit ${release.commit.slice(0, 12)} again, which makes the images anew.`;
  return new PipelineError(
    error.code,
    `Release ${release.id} cannot be gone back to. ${error.what}`,
    { cure: [again, choices(others, overlay)].join(' '), cause: error },
  );
}
