import type { Release } from '../report/release.ts';
import { createTimeline } from '../report/timeline.ts';
import { bring } from './bring.ts';
import type { Ground } from './ground.ts';
import type { ReleaseRecord } from './record.ts';
import { readManifests } from './records.ts';
import type { RollOutOptions } from './roll-out.ts';
import { imagesIn } from './standing.ts';
import { wavesFor } from './waves-for.ts';

/**
 * The release that its client left unfinished, if there is one. Nobody who lives can be at it: the
 * Lease is ours.
 */
export function unfinished(
  records: readonly ReleaseRecord[],
  overlay: string,
): ReleaseRecord | undefined {
  const own = records.filter(({ release }) => release.overlay === overlay);
  const [newest] = own.toSorted((a, b) => (a.release.id > b.release.id ? -1 : 1));
  if (newest?.release.state !== 'deploying') return undefined;
  // What restores an earlier state because another release failed belongs to that one.
  const { id } = newest.release;
  const failed = own.find(({ release }) => release.wentBack?.as === id);
  return failed?.release.state === 'deploying' ? failed : newest;
}

/**
 * Takes an unfinished release to the end that it would have had: proven, or back at what was. What was
 * applied is applied again, which changes nothing, since nobody knows how far it came.
 */
export async function finishDead(
  dead: ReleaseRecord,
  { before, records }: Ground,
  options: RollOutOptions,
): Promise<Release> {
  const { held, target, clock, say } = options;
  const { id, by, startedAt } = dead.release;
  say(`release ${id}${by ? ` of ${by}` : ''}, begun at ${startedAt}, has no end: taking it there`);
  held.at('finish', id);
  const objects = await readManifests(target, id);
  const known = new Set(dead.pods);
  const waves = dead.release.adopts ? [] : await wavesFor(objects, before, target);
  const release = await bring(
    {
      release: dead.release,
      objects,
      images: imagesIn(objects),
      // Pods that it made before it died are its own.
      before: { ...before, pods: before.pods.filter((pod) => known.has(pod.uid)) },
      records: records.filter((record) => record !== dead),
      since: clock.monotonic(),
      waves,
    },
    { ...options, timeline: createTimeline(clock), keepsLease: true },
  );
  say(`release ${id} is ${release.state}`);
  return release;
}
