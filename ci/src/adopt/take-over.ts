import { type KubernetesObject, objectKey } from '../manifests/objects.ts';
import { applyCall } from '../manifests/payload.ts';
import { printManifests } from '../manifests/text.ts';
import { selectorChanges } from '../plan/selector-change.ts';
import type { Candidate } from '../release/bring.ts';
import type { RollOutOptions } from '../release/roll-out.ts';
import { withRecord } from '../release/standing.ts';
import { wavesOf } from '../release/waves-of.ts';
import { replicasOf } from '../replicas/replicas.ts';
import type { KubectlCall } from '../target/target.ts';
import { change } from './change.ts';
import { type Ground, lookAtGround } from './ground.ts';
import { givenUpReplicas, keepReplicas } from './hand-over.ts';
import { joinServices, leaveServices, openToOldPods } from './old-pods.ts';
import { withOwnership } from './ownership.ts';
import { requireNewPods } from './require-new-pods.ts';
import { selectedBy } from './takeover.ts';
import { takeoverRecord } from './takeover-record.ts';
import { inTransition } from './transition.ts';

/** Seconds for which callers may still hold on to the old pods once the Services have let them go. */
const forgetSeconds = 10;

/**
 * Takes over what others have made, before the apply: fields by force, this once; Deployments whose
 * selectors differ by new ones beside their pods, which go on serving until the new pods are ready.
 * What was found is recorded first, so that whoever comes next can go on, and all of it be undone.
 */
export async function takeOver(candidate: Candidate, options: RollOutOptions): Promise<void> {
  if (!candidate.release.adopts) return;
  const { objects } = candidate;
  const ground = await lookAtGround(candidate, options.target);
  const { live, takeover } = ground;
  const { replaced } = takeover;
  await change(options, 'adopt', begin(candidate, ground));
  const inPlace = objects.filter((it) => !isReplaced(it, replaced));
  const kept = keepReplicas(givenUpReplicas(inPlace, live));
  if (replaced.length === 0) {
    await applyInWaves(candidate, options, { objects, kept, scaled: [], waitsForAll: false });
    return;
  }
  options.say(`replacing ${replaced.join(', ')}; the pods that serve go on`);
  const scaled = takeover.found.filter(
    (it) => isReplaced(it, replaced) && leavesReplicas(it, objects),
  );
  const moved = inTransition(objects, live);
  await applyInWaves(candidate, options, { objects: moved, kept, scaled, waitsForAll: true });
  options.say('the new pods are ready; the Services let go of the old ones');
  const deployments = objects.filter(({ kind }) => kind === 'Deployment');
  const selectorOf = (name: string) => {
    const deployment = deployments.find(({ metadata }) => metadata.name === name);
    return deployment ? selectedBy(objects, deployment) : {};
  };
  await change(options, 'adopt', leaveServices(takeover, selectorOf));
  await options.clock.sleep(forgetSeconds * 1_000);
}

interface Applied {
  readonly objects: readonly KubernetesObject[];
  /** Keep the replicas of what stays in its place. */
  readonly kept: readonly KubectlCall[];
  /** Deployments that are replaced, as they were found, whose replicas are kept. */
  readonly scaled: readonly KubernetesObject[];
  /** Whether the new pods of the last wave are waited for as well. */
  readonly waitsForAll: boolean;
}

/** The one apply that takes fields from others, in as many waves as the nodes have no room for at once. */
async function applyInWaves(
  candidate: Candidate,
  options: RollOutOptions,
  { objects, kept, scaled, waitsForAll }: Applied,
): Promise<void> {
  const all = wavesOf(objects, candidate.waves ?? []);
  for (const [index, wave] of all.entries()) {
    const isOfWave = (found: KubernetesObject) =>
      wave.objects.some((it) => objectKey(it) === objectKey(found));
    if (all.length > 1) options.say(`wave ${index + 1} of ${all.length} beside what serves`);
    await change(options, 'adopt', [
      ...(index === 0 ? kept : []),
      forced(candidate, wave.objects),
      ...keepReplicas(scaled.filter(isOfWave)),
    ]);
    if (waitsForAll || index < all.length - 1) await requireNewPods(wave.services, options);
  }
}

/** What was found is recorded; client-side fields become ours; Deployments give up their pods. */
function begin(
  { release, objects, before }: Candidate,
  { live, takeover, recorded }: Ground,
): readonly KubectlCall[] {
  const records = withRecord(release, objects, before).filter((it) => !objects.includes(it));
  const stale = selectorChanges(objects, { live }).map((it) => it.live);
  const owned = [...live.values()]
    .filter((it) => !stale.includes(it))
    .flatMap((it) => withOwnership(it) ?? []);
  const names = stale.map((it) => it.metadata.name);
  const orphan = ['delete', 'deployment', ...names, '--cascade=orphan', '--timeout=50s'];
  return [
    ...(recorded ? [applyCall([...records, takeoverRecord(takeover), openToOldPods])] : []),
    ...(owned.length > 0
      ? [{ args: ['replace', '--filename=-'], input: printManifests(owned), timeoutSeconds: 60 }]
      : []),
    ...(names.length > 0 ? [{ args: orphan, timeoutSeconds: 60 }] : []),
    ...joinServices(takeover),
  ];
}

/** Takes fields from others, the release's record first. */
const forced = (
  { release, before }: Candidate,
  objects: readonly KubernetesObject[],
): KubectlCall => applyCall(withRecord(release, objects, before), { force: true });

const isReplaced = ({ kind, metadata }: KubernetesObject, names: readonly string[]): boolean =>
  kind === 'Deployment' && names.includes(metadata.name);

const leavesReplicas = (found: KubernetesObject, objects: readonly KubernetesObject[]): boolean =>
  objects.some((it) => objectKey(it) === objectKey(found) && replicasOf(it) === undefined);
