import { type KubernetesObject, objectKey } from '../manifests/objects.ts';
import { applyCall } from '../manifests/payload.ts';
import { printManifests } from '../manifests/text.ts';
import { selectorChanges } from '../plan/selector-change.ts';
import type { Candidate } from '../release/bring.ts';
import type { RollOutOptions } from '../release/roll-out.ts';
import { withRecord } from '../release/standing.ts';
import type { KubectlCall } from '../target/target.ts';
import { change } from './change.ts';
import { type Ground, lookAtGround } from './ground.ts';
import { givenUpReplicas, keepReplicas, replicasOf } from './hand-over.ts';
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
    await change(options, 'adopt', [...kept, forced(candidate, objects)]);
    return;
  }
  options.say(`replacing ${replaced.join(', ')}; the pods that serve go on`);
  const scaled = takeover.found.filter(
    (it) => isReplaced(it, replaced) && leavesReplicas(it, objects),
  );
  await change(options, 'adopt', [
    ...kept,
    forced(candidate, inTransition(objects, live)),
    ...keepReplicas(scaled),
  ]);
  await requireNewPods(options);
  options.say('the new pods are ready; the Services let go of the old ones');
  const deployments = objects.filter(({ kind }) => kind === 'Deployment');
  const selectorOf = (name: string) => {
    const deployment = deployments.find(({ metadata }) => metadata.name === name);
    return deployment ? selectedBy(objects, deployment) : {};
  };
  await change(options, 'adopt', leaveServices(takeover, selectorOf));
  await options.clock.sleep(forgetSeconds * 1_000);
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

/** The one apply that takes fields from others, the release's record first. */
const forced = (
  { release, before }: Candidate,
  objects: readonly KubernetesObject[],
): KubectlCall => applyCall(withRecord(release, objects, before), { force: true });

const isReplaced = ({ kind, metadata }: KubernetesObject, names: readonly string[]): boolean =>
  kind === 'Deployment' && names.includes(metadata.name);

const leavesReplicas = (found: KubernetesObject, objects: readonly KubernetesObject[]): boolean =>
  objects.some((it) => objectKey(it) === objectKey(found) && replicasOf(it) === undefined);
