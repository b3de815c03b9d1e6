import { type KubernetesObject, objectKey } from '../manifests/objects.ts';
import { withSecretVersions } from '../manifests/secret-versions.ts';
import { secretsCall } from '../manifests/secrets.ts';
import { readSchema, schemaCall } from '../migrate/live-schema.ts';
import type { Schema } from '../migrate/migrations.ts';
import { readSecretStates, requireSecrets } from '../preflight.ts';
import { type FoundBehind, findBehind, leftBehind, namedOnRecord } from '../prune/left-behind.ts';
import type { ReleaseRecord } from '../release/record.ts';
import { recordsCall, toRecords } from '../release/records.ts';
import { withKeptReplicas } from '../replicas/kept-in-dry-run.ts';
import type { Target } from '../target/target.ts';
import { type ClusterState, readCluster } from './cluster-state.ts';
import { type DryRun, dryRun } from './dry-run.ts';
import { attempt, type Finding } from './finding.ts';
import { type SelectorChange, selectorChanges } from './selector-change.ts';
import { readUsage, type Usage, usageCalls, usageUnknown } from './usage.ts';

/** What a cluster says to a release. */
export interface Asked {
  readonly state: ClusterState;
  readonly dryRun: DryRun;
  /** The objects as a deploy would send them. */
  readonly objects: readonly KubernetesObject[];
  readonly namespaceExists: boolean;
  /** Deployments that cannot become what the manifests want, only be replaced. */
  readonly selectorChanges: readonly SelectorChange[];
  /** Whether the deploy takes over what others have set. */
  readonly adopt: boolean;
  readonly usage: Usage;
  /** What the database has been given, if a service could say. */
  readonly schema: Schema | undefined;
  /** Of earlier releases. */
  readonly records: readonly ReleaseRecord[];
  /** Keys of the objects that they name. */
  readonly onRecord: readonly string[];
  /** What is there of what the release leaves behind. */
  readonly found: FoundBehind | undefined;
}

export interface AskOptions {
  /** Objects that are only looked up. */
  readonly besides?: readonly KubernetesObject[];
  readonly adopt?: boolean;
  readonly overlay?: string;
}

/** A namespace that is always there and holds nothing but leases. */
const standIn = 'kube-node-lease';

/**
 * Reads what is there and asks the server what an apply would make of it: two round trips, or three
 * where something is refused.
 */
export async function askCluster(
  target: Target,
  rendered: readonly KubernetesObject[],
  obstacles: Finding[],
  { besides = [], adopt = false, overlay = '' }: AskOptions = {},
): Promise<Asked> {
  const all = [...rendered, ...besides];
  const calls = [secretsCall, schemaCall(target), recordsCall];
  const { state, outputs } = await readCluster(target, all, calls);
  const [ofSecrets, ofSchema, ofRecords] = outputs;
  const secrets = readSecretStates(target, ofSecrets);
  const schema = readSchema(ofSchema);
  const records = toRecords(target, ofRecords);
  await attempt(obstacles, () => requireSecrets(all, secrets));
  const objects = withSecretVersions(rendered, secrets);
  const place = objects.find(
    (it) => it.kind === 'Namespace' && it.metadata.name === target.namespace,
  );
  const namespaceExists = !place || state.live.has(objectKey(place));
  const changes = selectorChanges(objects, state);
  const replaced = new Set(changes.map((it) => it.rendered));
  const elsewhere = namespaceExists ? objects.filter((it) => replaced.has(it)) : objects;
  const here = objects.filter((it) => !elsewhere.includes(it));
  const [usage, behind, ...answers] = await Promise.all([
    askUsage(target, state),
    findBehind(target, leftBehind({ overlay, records, objects })),
    ...(here.length > 0 ? [dryRun(target, here, { force: adopt })] : []),
    ...(elsewhere.length > 0 ? [dryRunElsewhere(target, elsewhere)] : []),
  ]);
  const answer = withKeptReplicas(answers.reduce(joined), objects, state.live);
  const found = { state, dryRun: answer, objects, namespaceExists };
  const onRecord = [...namedOnRecord({ overlay, records })];
  return {
    ...{ ...found, selectorChanges: changes, adopt, usage, schema },
    ...{ records, onRecord, found: behind },
  };
}

/** What the nodes' kubelets say of memory; they may be out of reach, and then requests have to do. */
async function askUsage(target: Target, { placement }: ClusterState): Promise<Usage> {
  const nodes = (placement?.nodes ?? []).flatMap(([name]) => name ?? []);
  if (nodes.length === 0) return usageUnknown;
  return readUsage(await target.kubectl(usageCalls(nodes)));
}

/**
 * Asks about objects whose namespace is yet to come, or whose place is taken: the server knows nothing
 * of that in a dry run, so they are tried in another namespace, where all but their names' being free
 * is judged the same.
 */
async function dryRunElsewhere(
  target: Target,
  objects: readonly KubernetesObject[],
): Promise<DryRun> {
  const moved = new Map(objects.map((it) => [moveTo(it, standIn), it]));
  const answer = await dryRun(target, [...moved.keys()], { namespace: standIn });
  const origins = new Map([...moved].map(([there, here]) => [objectKey(there), here]));
  const back = <T>(map: ReadonlyMap<string, T>, change: (value: T, to: string) => T) =>
    new Map(
      [...map].map(([key, value]): [string, T] => {
        const origin = origins.get(key);
        if (!origin) return [key, value];
        return [objectKey(origin), change(value, origin.metadata.namespace ?? '')];
      }),
    );
  return {
    ...answer,
    wanted: back(answer.wanted, moveTo),
    refused: back(answer.refused, (words) => words),
  };
}

function moveTo(object: KubernetesObject, namespace: string): KubernetesObject {
  if (object.metadata.namespace === undefined) return object;
  return { ...object, metadata: { ...object.metadata, namespace } };
}

const joined = (a: DryRun, b: DryRun): DryRun => ({
  wanted: new Map([...a.wanted, ...b.wanted]),
  refused: new Map([...a.refused, ...b.refused]),
  warnings: [...new Set([...a.warnings, ...b.warnings])],
});
