import { PipelineError } from '../errors.ts';
import { groups, jsonPath, jsonPathOf, records, saidBy, type Wanted } from '../target/printed.ts';
import type { KubectlCall, KubectlOutput, Target } from '../target/target.ts';
import type { Deployment, Pod, ReplicaSet, Snapshot, Warning } from './kubernetes.ts';

/** Only what a verdict needs, since over SSM each answer is limited; maps come out as JSON. */
const objectFields = [
  '.kind',
  '.metadata.name',
  '.metadata.uid',
  '.metadata.generation',
  '.metadata.ownerReferences[0].uid',
  '.metadata.deletionTimestamp',
  '.metadata.annotations.deployment\\.kubernetes\\.io/revision',
  '.metadata.annotations.whatsthecraic\\.run\\.place/source',
  '.metadata.annotations.whatsthecraic\\.run\\.place/commit',
  '.metadata.annotations.whatsthecraic\\.run\\.place/release',
  '.spec.replicas',
  '.spec.paused',
  '.status',
  '.metadata.managedFields[?(@.fieldsV1.f:spec.f:replicas)].manager',
];

const warningFields = [
  '.involvedObject.kind',
  '.involvedObject.name',
  '.reason',
  '.count',
  '.lastTimestamp',
  // What the scheduler records carries this one in its place.
  '.eventTime',
  '.message',
];

/** Asks for the objects of the platform, and for what else is `wanted` of more kinds, in groups behind them. */
const objectsCallWith = (
  moreKinds: readonly string[],
  ...wanted: readonly Wanted[]
): KubectlCall => ({
  args: [
    ...['get', ['deployments', 'replicasets', 'pods', ...moreKinds].join(','), '-o'],
    jsonPathOf(['*', objectFields], ...wanted),
  ],
});

/** Apart from the objects, since then the server picks them: an hour of pushes leaves hundreds of other events. */
const warningsCall: KubectlCall = {
  args: ['get', 'events', '--field-selector=type=Warning', '-o', jsonPath(warningFields)],
};

/**
 * Ask for the whole state of the platform, and for what else is `wanted` of more kinds, in groups of the
 * first output behind the platform's; `readSnapshot` reads what they print. No more calls than these,
 * since on a small node each start of kubectl costs a tenth of a second of CPU or more.
 */
export const snapshotCallsWith = (
  moreKinds: readonly string[],
  ...wanted: readonly Wanted[]
): readonly KubectlCall[] => [objectsCallWith(moreKinds, ...wanted), warningsCall];

/** Ask for the whole state of the platform; `readSnapshot` reads what they print. */
export const snapshotCalls: readonly KubectlCall[] = snapshotCallsWith([]);

/** Reads the whole state of the platform in one round trip. */
export const takeSnapshot = async (target: Target): Promise<Snapshot> =>
  readSnapshot(target, await target.kubectl(snapshotCalls));

/** Reads what `snapshotCalls` made kubectl print. */
export function readSnapshot(target: Target, outputs: readonly KubectlOutput[]): Snapshot {
  const [objects = '', warnings = ''] = snapshotCalls.map((_, index) => {
    const output = outputs[index];
    if (output?.exitCode === 0) return groups(output.stdout)[0];
    throw new PipelineError(
      'CLUSTER_UNREACHABLE',
      `The API server of ${target.description} did not answer: ${saidBy(output)}`,
    );
  });
  return parseSnapshot(objects, warnings);
}

export function parseSnapshot(objects: string, warnings: string): Snapshot {
  const deployments: Deployment[] = [];
  const replicaSets: ReplicaSet[] = [];
  const pods: Pod[] = [];
  for (const cells of records(objects)) {
    const [kind, name, uid, generation, ownerUid, deleted, revision, source, commit] = cells;
    const [release, replicas, paused, statusText, owners] = cells.slice(9);
    const common = { name: name ?? '', uid: uid ?? '' };
    const status = parseStatus(`${kind} ${name}`, statusText);
    // An object's absent number prints as nothing; Kubernetes' default for replicas is 1.
    const wanted = replicas === '' ? 1 : Number(replicas);
    if (kind === 'Deployment') {
      deployments.push({
        ...common,
        generation: Number(generation),
        revision: revision ?? '',
        release: release ?? '',
        source: source ?? '',
        commit: commit ?? '',
        replicas: wanted,
        ...(owners ? { replicasOwners: owners.split(' ') } : {}),
        paused: paused === 'true',
        ...(deleted ? { deleting: true } : {}),
        status,
      });
    } else if (kind === 'ReplicaSet') {
      replicaSets.push({
        ...common,
        ownerUid: ownerUid ?? '',
        revision: revision ?? '',
        replicas: wanted,
      });
    } else if (kind === 'Pod') {
      pods.push({ ...common, ownerUid: ownerUid ?? '', deleting: deleted !== '', status });
    }
  }
  return { deployments, replicaSets, pods, warnings: records(warnings).map(toWarning) };
}

function parseStatus(object: string, text: string | undefined) {
  try {
    return JSON.parse(text || '{}');
  } catch (error) {
    const what = `kubectl did not print the status of ${object} as JSON.`;
    throw new PipelineError('KUBECTL_FAILED', what, { cause: error });
  }
}

function toWarning(cells: readonly string[]): Warning {
  const [kind, name, reason, count, lastSeen, eventTime, message] = cells;
  return {
    object: `${kind}/${name}`,
    reason: reason ?? '',
    message: message ?? '',
    count: Number(count) || 1,
    lastSeen: [lastSeen, eventTime].find((time) => /^\d/.test(time ?? '')) ?? '',
  };
}
