import { takeOver } from '../adopt/take-over.ts';
import { undoTakeover } from '../adopt/undo-takeover.ts';
import { PipelineError } from '../errors.ts';
import type { SeenAt } from '../health/look-around.ts';
import type { KubernetesObject } from '../manifests/objects.ts';
import type { MigrationPart } from '../migrate/migration-part.ts';
import type { Nodes } from '../nodes/nodes.ts';
import { patiently } from '../patiently.ts';
import { type Release, releaseState, type ServiceImage, type WentBack } from '../report/release.ts';
import type { Snapshot } from '../rollout/kubernetes.ts';
import { goBack, type Returned } from './go-back.ts';
import { type ReleaseRecord, recordObjects } from './record.ts';
import { expiredRecords, recordCalls, requireWritten } from './records.ts';
import { type RollOut, type RollOutOptions, rollOut } from './roll-out.ts';
import { standingOf, withRecord } from './standing.ts';
import { closing } from './steps.ts';
import type { Waves } from './waves-for.ts';

/** What is to become a release. */
export interface Candidate {
  /** The release so far: its state `deploying`, its services none. */
  readonly release: Release;
  readonly objects: readonly KubernetesObject[];
  readonly images: ReadonlyMap<string, ServiceImage>;
  /** The platform before it. */
  readonly before: Snapshot;
  /** The records of earlier releases. */
  readonly records: readonly ReleaseRecord[];
  /** When it began, by the monotonic clock. */
  readonly since: number;
  /** Absent on a way back, which leaves the database as it is. */
  readonly migration?: MigrationPart;
  /** In which waves it rolls; all at once if there are none. */
  readonly waves?: Waves;
  /** The nodes shortly before it; absent where they may not be asked. */
  readonly nodes?: Nodes | undefined;
  /** The platform as it was seen, if the server said that an apply would change nothing of it. */
  readonly applied?: SeenAt;
}

/**
 * Brings a candidate onto the cluster and to one of its ends: verified; or what could not be proven
 * goes back to what was. The record in the cluster says which, from before the first object is applied.
 */
export async function bring(candidate: Candidate, options: RollOutOptions): Promise<Release> {
  const { release: planned, before } = candidate;
  const finished = (release: Release): Release => {
    const total = (options.clock.monotonic() - candidate.since) / 1_000;
    const seconds = { ...release.seconds, total };
    return { ...release, seconds, timeline: options.timeline.read() };
  };

  // One that was on its way back already has its verdicts on record.
  const rolled = planned.wentBack
    ? { services: planned.services, seconds: planned.seconds, after: before }
    : await takeOver(candidate, options)
        .then(() => rollOut(marked(candidate), options))
        .catch(async (error: unknown) => {
          throw await afterRefusal(error, candidate, options, finished);
        });
  const { services } = rolled;
  const release: Release = {
    ...planned,
    state: releaseState(services),
    seconds: { ...planned.seconds, ...rolled.seconds },
    services,
  };
  const back = await retreat({ ...candidate, release, before: rolled.after }, options);
  const ended = finished(back?.release ?? release);
  const record = { release: ended, standing: back?.standing ?? standingOf(services) };
  await keep(candidate, record, back, options);
  return ended;
}

/** A takeover goes back to what it found, any other release to what was proven before it. */
const retreat = async (
  candidate: Candidate,
  options: RollOutOptions,
): Promise<Returned | undefined> =>
  (await undoTakeover(candidate, options)) ?? (await goBack(candidate, options));

/** What a takeover brought is applied already, wave after wave. */
const marked = (candidate: Candidate): RollOut => {
  const { release, objects, images, before, waves = [], applied } = candidate;
  return {
    objects: withRecord(release, objects, before),
    ...{ images, before, waves: release.adopts ? [] : waves },
    ...(applied ? { applied } : {}),
  };
};

/** What was refused may be half applied: the platform goes back, and the refusal is told with its end. */
async function afterRefusal(
  error: unknown,
  candidate: Candidate,
  options: RollOutOptions,
  finished: (release: Release) => Release,
): Promise<unknown> {
  const refused = error instanceof PipelineError && refusals.has(error.code);
  if (!refused) return error;
  const failed: Release = { ...candidate.release, state: 'failed' };
  const back = await retreat({ ...candidate, release: failed }, options);
  const release = finished(back?.release ?? failed);
  await keep(candidate, { release, standing: back?.standing ?? {} }, back, options);
  const { wentBack } = release;
  if (!wentBack) return error;
  return new PipelineError(error.code, `${error.what}\n${endOf(wentBack)}`, { cause: error });
}

/** What the server may refuse when something of it is applied already. */
export const refusals: ReadonlySet<string> = new Set(['APPLY_FAILED', 'ADOPTION_FAILED']);

function endOf({ to, proven, trouble }: WentBack): string {
  const where = to === 'found' ? 'what served before' : `release ${to}`;
  if (!proven) return `Going back to ${where} failed too: ${trouble}.`;
  return `What was applied before it is undone: ${where} serves again.`;
}

/**
 * Writes the end, tidies up and gives the Lease back, in one round trip. The result stands without its
 * record; that it is missing is said, and whoever comes next finds out for himself what became of it.
 */
async function keep(
  candidate: Candidate,
  record: ReleaseRecord,
  back: Returned | undefined,
  options: RollOutOptions,
): Promise<void> {
  const { held, target, clock, say } = options;
  const { records, objects: applied } = candidate;
  const objects = back?.objects ?? applied;
  const written = [...recordObjects(record, objects), ...(back?.records ?? [])];
  const own = recordCalls(written, expiredRecords(records, candidate.release.overlay));
  const ended = { release: record.release, records, applied, objects };
  try {
    const tidying = await Promise.all(closing.map((step) => step(ended, options)));
    await patiently(clock, async () => {
      const calls = [...own, ...tidying.flat()];
      const { outputs } = await (options.keepsLease
        ? held.mutate('end', calls)
        : held.end('end', calls));
      requireWritten(target, outputs.slice(0, own.length));
    });
  } catch (error) {
    if (!(error instanceof PipelineError) || error.code === 'LEASE_LOST') throw error;
    say(error.summary);
  }
}
