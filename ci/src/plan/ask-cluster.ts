import { type KubernetesObject, objectKey } from '../manifests/objects.ts';
import { withSecretVersions } from '../manifests/secret-versions.ts';
import { readSecretStates, requireSecrets, secretCalls } from '../preflight.ts';
import type { Target } from '../target/target.ts';
import { type ClusterState, readCluster } from './cluster-state.ts';
import { type DryRun, dryRun } from './dry-run.ts';
import { attempt, type Finding } from './finding.ts';

/** What a cluster says to a release. */
export interface Asked {
  readonly state: ClusterState;
  readonly dryRun: DryRun;
  /** The objects as a deploy would send them. */
  readonly objects: readonly KubernetesObject[];
  readonly namespaceExists: boolean;
}

/** A namespace that is always there and holds nothing but leases. */
const standIn = 'kube-node-lease';

/**
 * Reads what is there and asks the server what an apply would make of it: two round trips, or three
 * where something is refused. `besides` is only looked up.
 */
export async function askCluster(
  target: Target,
  rendered: readonly KubernetesObject[],
  besides: readonly KubernetesObject[],
  obstacles: Finding[],
): Promise<Asked> {
  const calls = secretCalls(rendered);
  const { state, outputs } = await readCluster(target, [...rendered, ...besides], calls);
  const secrets = readSecretStates(target, outputs);
  await attempt(obstacles, () => requireSecrets(rendered, secrets));
  const objects = withSecretVersions(rendered, secrets);
  const place = objects.find(
    (it) => it.kind === 'Namespace' && it.metadata.name === target.namespace,
  );
  const namespaceExists = !place || state.live.has(objectKey(place));
  const answer = await (namespaceExists
    ? dryRun(target, objects)
    : dryRunElsewhere(target, objects));
  return { state, dryRun: answer, objects, namespaceExists };
}

/**
 * Asks about objects whose namespace is yet to come: the server knows nothing of it in a dry run, so
 * they are tried in another one, where all but their names' being free is judged the same.
 */
async function dryRunElsewhere(
  target: Target,
  objects: readonly KubernetesObject[],
): Promise<DryRun> {
  const moved = new Map(objects.map((it) => [moveTo(it, standIn), it]));
  const answer = await dryRun(target, [...moved.keys()], ['--namespace', standIn]);
  const keys = new Map([...moved].map(([there, here]) => [objectKey(there), objectKey(here)]));
  const back = <T>(map: ReadonlyMap<string, T>): Map<string, T> =>
    new Map([...map].map(([key, value]) => [keys.get(key) ?? key, value]));
  return { ...answer, wanted: back(answer.wanted), refused: back(answer.refused) };
}

function moveTo(object: KubernetesObject, namespace: string): KubernetesObject {
  if (object.metadata.namespace === undefined) return object;
  return { ...object, metadata: { ...object.metadata, namespace } };
}
