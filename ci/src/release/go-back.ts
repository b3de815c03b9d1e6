import { PipelineError } from '../errors.ts';
import type { KubernetesObject } from '../manifests/objects.ts';
import { restoredSchema } from '../migrate/release-schema.ts';
import { patiently } from '../patiently.ts';
import { isGone, pullMissing } from '../pull/pull-step.ts';
import { beginRelease, type Release, releaseState, type WentBack } from '../report/release.ts';
import { createTimeline } from '../report/timeline.ts';
import type { Candidate } from './bring.ts';
import { recordObjects, type Standing } from './record.ts';
import { readManifests, recordCalls, requireWritten } from './records.ts';
import { type RolledOut, type RollOutOptions, rollOut } from './roll-out.ts';
import { imagesAfter, standingOf, withRecord } from './standing.ts';
import { wavesFor } from './waves-for.ts';
import { objectsOnTheWayBack, type WayBack, wayAgain, wayBack } from './way-back.ts';

/** Seconds for pulls on the way back, while perhaps nothing serves. */
const pullBackSeconds = 30;

/** Where a release ended that was not fully proven. */
export interface Returned {
  readonly release: Release;
  readonly standing: Readonly<Record<string, Standing>>;
  readonly objects: readonly KubernetesObject[];
  /** Records to keep besides the release's own. */
  readonly records: readonly KubernetesObject[];
}

/**
 * Takes what is not proven back to what was, and verifies that. Undefined if all is proven, if nothing
 * was proven before, or if going back would change nothing.
 */
export async function goBack(
  candidate: Candidate,
  options: RollOutOptions,
): Promise<Returned | undefined> {
  const { release, records } = candidate;
  let trouble: Returned | undefined;
  const gone = new Set<string>();
  for (;;) {
    const left = records.filter((it) => !gone.has(it.release.id));
    const way = wayAgain(release, left) ?? wayBack(release, left);
    if (!way) return trouble;
    const { id } = way.to.release;
    try {
      return await follow(way, candidate, options);
    } catch (error) {
      if (!(error instanceof PipelineError) || error.code === 'LEASE_LOST') throw error;
      trouble = stuck(way, candidate, error);
      if (!isGone(error.code)) return trouble;
      options.say(`release ${id} cannot be gone back to: ${error.summary}`);
      gone.add(id);
    }
  }
}

async function follow(
  way: WayBack,
  candidate: Candidate,
  options: RollOutOptions,
): Promise<Returned | undefined> {
  const { objects } = candidate;
  const { target, clock, say } = options;
  const to = way.to.release.id;
  const recorded = await patiently(clock, () => readManifests(target, to));
  const returning = objectsOnTheWayBack(way, objects, recorded);
  if (!returning) return undefined;
  say(`going back to release ${to}${way.whole ? '' : ` with ${way.services.join(', ')}`}`);
  const isBack = options.timeline.phase('back');
  const back = way.whole ? wholeBack : someBack;
  const own = { ...options, timeline: createTimeline(clock) };
  return pullBack(way, returning, candidate, own)
    .then(() => back(way, returning, candidate, own))
    .finally(isBack);
}

/**
 * Mostly all is on the node still. What is not may be gone from the registry, and then another release
 * is the one to go back to; for a registry that is merely away nothing else waits.
 */
async function pullBack(
  { to, services }: WayBack,
  objects: readonly KubernetesObject[],
  { before, nodes }: Candidate,
  options: RollOutOptions,
): Promise<void> {
  const images = [...imagesAfter(to.standing, services, new Map())];
  const name = `pull-back-${to.release.id}`;
  const wanted = new Map(images.map(([service, { image }]) => [service, image]));
  const missing = { name, images: wanted, objects, before, nodes };
  const brief = { ...options, timeoutSeconds: Math.min(options.timeoutSeconds, pullBackSeconds) };
  await pullMissing(missing, brief).catch((error: unknown) => {
    const isPassing = error instanceof PipelineError && error.code !== 'LEASE_LOST';
    if (!isPassing || isGone(error.code)) throw error;
    options.say(error.summary);
  });
}

function stuck(
  { to, services }: WayBack,
  { release, objects }: Candidate,
  { summary: trouble }: PipelineError,
): Returned {
  const wentBack = { to: to.release.id, services, proven: false, trouble };
  const standing = standingOf(release.services);
  return { release: { ...release, wentBack }, standing, objects, records: [] };
}

/** The whole platform goes back, which makes a release of its own. */
async function wholeBack(
  { to, services }: WayBack,
  objects: readonly KubernetesObject[],
  candidate: Candidate,
  options: RollOutOptions,
): Promise<Returned> {
  const { release, before, images } = candidate;
  const { clock } = options;
  const started = clock.monotonic();
  const { overlay, target } = release;
  const { id: restores, commit, branch } = to.release;
  const begun = { overlay, target, commit, branch, by: release.by, restores };
  const schema = restoredSchema(to, [...candidate.records, { release, standing: {} }]);
  const planned = {
    ...beginRelease(clock.now(), begun, release.id),
    ...(schema ? { schema } : {}),
    // Somebody may have begun it, and died.
    ...(release.wentBack?.as ? { id: release.wentBack.as } : {}),
  };
  await noteWayBack(candidate, { to: restores, as: planned.id, services }, options);
  const marked = withRecord(planned, objects, before);
  const known = imagesAfter(to.standing, services, images);
  const waves = await wavesFor(objects, before, options.target);
  const rolled = await rollOut({ objects: marked, images: known, before, waves }, options);
  const state = releaseState(rolled.services);
  const timeline = options.timeline.read();
  const restored: Release = {
    ...planned,
    state,
    services: rolled.services,
    seconds: { images: 0, ...rolled.seconds, total: (clock.monotonic() - started) / 1_000 },
    timeline,
  };
  const standing = standingOf(rolled.services);
  const proven = state !== 'failed';
  const ends = proven ? ('rolled-back' as const) : ('failed' as const);
  const wentBack = {
    to: restores,
    as: restored.id,
    services,
    proven,
    ...trouble(rolled),
    timeline,
  };
  return {
    release: { ...release, state: ends, wentBack },
    standing,
    objects,
    records: recordObjects({ release: restored, standing }, objects),
  };
}

/** Some services go back and leave the others where they are. */
async function someBack(
  { to, services }: WayBack,
  objects: readonly KubernetesObject[],
  candidate: Candidate,
  options: RollOutOptions,
): Promise<Returned> {
  const { release, before, images } = candidate;
  await noteWayBack(candidate, { to: to.release.id, services }, options);
  const known = imagesAfter(to.standing, services, images);
  const waves = await wavesFor(objects, before, options.target);
  const rolled = await rollOut({ objects, images: known, before, waves }, options);
  const returned = rolled.services.filter((it) => services.includes(it.service));
  const proven = returned.every((it) => it.proven);
  const others = rolled.services.filter((it) => !services.includes(it.service));
  const timeline = options.timeline.read();
  const wentBack = { to: to.release.id, services, proven, ...trouble(rolled), timeline };
  const broken = releaseState(others) === 'failed';
  const state = broken ? ('failed' as const) : release.state;
  return {
    release: { ...release, state, wentBack },
    standing: standingOf(rolled.services),
    objects,
    records: [],
  };
}

/**
 * Records the verdicts and where the release goes because of them, before it goes there: if we die on
 * the way, the next one goes on from here and does not try once more what is known to fail.
 */
async function noteWayBack(
  { release, objects, before }: Candidate,
  where: Pick<WentBack, 'to' | 'as' | 'services'>,
  { held, target, clock }: RollOutOptions,
): Promise<void> {
  const wentBack = { ...where, proven: false, trouble: 'it has not ended yet' };
  const record = {
    release: { ...release, state: 'deploying' as const, wentBack },
    standing: {},
    pods: before.pods.map((pod) => pod.uid),
  };
  const calls = recordCalls(recordObjects(record, objects), []);
  await patiently(clock, async () => {
    requireWritten(target, (await held.mutate('go back', calls)).outputs);
  });
}

function trouble({ services }: RolledOut): { trouble?: string } {
  const unproven = services.filter((it) => !it.proven);
  if (unproven.length === 0) return {};
  return { trouble: unproven.map((it) => `${it.service}: ${it.message}`).join('; ') };
}
