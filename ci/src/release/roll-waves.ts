import { lookAround, type Seen, type SeenAt } from '../health/look-around.ts';
import type { Endpoints } from '../health/vantage-points.ts';
import type { KubernetesObject } from '../manifests/objects.ts';
import { patiently } from '../patiently.ts';
import type { Timeline } from '../report/timeline.ts';
import type { Snapshot } from '../rollout/kubernetes.ts';
import { momentsOf } from '../rollout/moments.ts';
import type { Verdict } from '../rollout/verdict.ts';
import { type Watched, watchRollouts } from '../rollout/watch.ts';
import { services } from '../services.ts';
import { applyObjects } from './apply.ts';
import { handOverReplicas } from './hand-over-replicas.ts';
import type { RollOut, RollOutOptions } from './roll-out.ts';
import { wavesOf } from './waves-of.ts';

export interface RolledWaves extends Watched {
  /** Where the platform can be asked since the last apply, if that was seen. */
  readonly endpoints: Endpoints | undefined;
  readonly applySeconds: number;
  readonly servingSeconds: number;
}

/**
 * Applies, unless nothing is to be applied, and watches wave after wave, mostly a single one; no wave begins while rollouts of the one
 * before go on. When a critical service fails, later waves are not begun: the release goes back anyway.
 */
export async function rollWaves(
  { objects, before, waves = [], applied }: RollOut,
  options: RollOutOptions,
): Promise<RolledWaves> {
  const { held, target, clock, say, timeoutSeconds, timeline } = options;
  const elapsed = stopwatch(clock);
  const all = applied
    ? wavesOf(objects, [])
    : wavesOf(await handOverReplicas(objects, before, options), waves);
  const verdicts = new Map<string, Verdict>();
  const readyAfter = new Map<string, number>();
  let snapshot = before;
  let endpoints: Endpoints | undefined;
  let applySeconds = 0;
  for (const [index, wave] of all.entries()) {
    if (index > 0 && hasCriticalFailure(verdicts)) {
      for (const name of wave.services) verdicts.set(name, heldBack(name));
      continue;
    }
    if (all.length > 1) say(`wave ${index + 1} of ${all.length}: ${waves[index]?.join(', ')}`);
    const applying = stopwatch(clock);
    const seen = applied ? await stillSeen(applied, options) : await apply(wave.objects, options);
    endpoints = seen?.endpoints;
    applySeconds += applying();
    say(applied ? 'nothing is to be applied' : 'applied; watching the rollouts');
    held.at('watch');
    const rolledOut = timeline.phase('rollout');
    const onLook = (now: Snapshot): void => markMoments(timeline, before, now);
    const watched = await watchRollouts({
      ...{ target, clock, say, services: wave.services, timeoutSeconds, onLook },
      firstLook: seen?.snapshot,
    }).finally(rolledOut);
    for (const verdict of watched.verdicts) verdicts.set(verdict.service, verdict);
    for (const [name, seconds] of watched.readyAfter) readyAfter.set(name, seconds);
    snapshot = watched.snapshot;
  }
  const servingSeconds = elapsed() - applySeconds;
  return {
    ...{ verdicts: [...verdicts.values()], snapshot, readyAfter },
    ...{ endpoints, applySeconds, servingSeconds },
  };
}

/** Milliseconds for which a look is as good as one of now. */
const freshMs = 5_000;

async function stillSeen(seen: SeenAt, { target, clock }: RollOutOptions): Promise<Seen> {
  if (clock.monotonic() - seen.at < freshMs) return seen;
  return patiently(clock, () => lookAround(target));
}

async function apply(
  objects: readonly KubernetesObject[],
  options: RollOutOptions,
): Promise<Seen | undefined> {
  const applied = options.timeline.phase('apply');
  return applyObjects(objects, options).finally(applied);
}

const hasCriticalFailure = (verdicts: ReadonlyMap<string, Verdict>): boolean =>
  services.some(({ name, critical }) => critical && verdicts.get(name)?.state === 'failed');

const heldBack = (service: string): Verdict => ({
  ...{ service, state: 'failed', code: 'HELD_BACK' },
  message: 'not begun, since a critical service of an earlier wave failed',
});

const stopwatch = ({ monotonic }: Pick<RollOutOptions['clock'], 'monotonic'>) => {
  const started = monotonic();
  return (): number => (monotonic() - started) / 1_000;
};

function markMoments(timeline: Timeline, before: Snapshot, now: Snapshot): void {
  for (const { name } of services) {
    for (const moment of momentsOf(name, before, now)) timeline.mark(name, moment);
  }
}
