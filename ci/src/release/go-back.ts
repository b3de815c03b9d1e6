import { PipelineError } from '../errors.ts';
import type { KubernetesObject } from '../manifests/objects.ts';
import { restoredSchema } from '../migrate/release-schema.ts';
import { patiently } from '../patiently.ts';
import { beginRelease, type Release, releaseState, type WentBack } from '../report/release.ts';
import { createTimeline } from '../report/timeline.ts';
import type { Candidate } from './bring.ts';
import { recordObject, type Standing } from './record.ts';
import { readManifests, recordCalls, requireWritten } from './records.ts';
import { type RolledOut, type RollOutOptions, rollOut } from './roll-out.ts';
import { imagesAfter, standingOf, withRecord } from './standing.ts';
import { objectsOnTheWayBack, type WayBack, wayAgain, wayBack } from './way-back.ts';

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
  const { release, records, objects } = candidate;
  const { target, clock, say } = options;
  const way = wayAgain(release, records) ?? wayBack(release, records);
  if (!way) return undefined;
  const to = way.to.release.id;
  try {
    const recorded = await patiently(clock, () => readManifests(target, to));
    const returning = objectsOnTheWayBack(way, objects, recorded);
    if (!returning) return undefined;
    say(`going back to release ${to}${way.whole ? '' : ` with ${way.services.join(', ')}`}`);
    const isBack = options.timeline.phase('back');
    const back = way.whole ? wholeBack : someBack;
    const own = { ...options, timeline: createTimeline(clock) };
    return await back(way, returning, candidate, own).finally(isBack);
  } catch (error) {
    if (!(error instanceof PipelineError) || error.code === 'LEASE_LOST') throw error;
    const { summary: trouble } = error;
    const wentBack = { to, services: way.services, proven: false, trouble };
    const standing = standingOf(release.services);
    return { release: { ...release, wentBack }, standing, objects, records: [] };
  }
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
  const rolled = await rollOut({ objects: marked, images: known, before }, options);
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
    records: [recordObject({ release: restored, standing }, objects)],
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
  const rolled = await rollOut({ objects, images: known, before }, options);
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
  const calls = recordCalls([recordObject(record, objects)], []);
  await patiently(clock, async () => {
    requireWritten(target, (await held.mutate('go back', calls)).outputs);
  });
}

function trouble({ services }: RolledOut): { trouble?: string } {
  const unproven = services.filter((it) => !it.proven);
  if (unproven.length === 0) return {};
  return { trouble: unproven.map((it) => `${it.service}: ${it.message}`).join('; ') };
}
