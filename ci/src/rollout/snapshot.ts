import { PipelineError } from '../errors.ts';
import { groups, jsonPathOf, records, saidBy, type Wanted } from '../target/printed.ts';
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

/**
 * Asks for the whole state of the platform, and for what else is `wanted` of more kinds, in groups behind
 * the two of it; `readSnapshot` reads what it prints. One call, since on a small node each start of
 * kubectl costs a tenth of a second of CPU or more.
 */
export const snapshotCallWith = (
  moreKinds: readonly string[],
  ...wanted: readonly Wanted[]
): KubectlCall => ({
  args: [
    ...['get', ['deployments', 'replicasets', 'pods', 'events', ...moreKinds].join(','), '-o'],
    jsonPathOf(
      ['?(@.kind!="Event")', objectFields],
      ['?(@.type=="Warning")', warningFields],
      ...wanted,
    ),
  ],
});

/** Asks for the whole state of the platform; `readSnapshot` reads what it prints. */
export const snapshotCall: KubectlCall = snapshotCallWith([]);

/** Reads the whole state of the platform in one round trip. */
export async function takeSnapshot(target: Target): Promise<Snapshot> {
  const [output] = await target.kubectl([snapshotCall]);
  return readSnapshot(target, output);
}

/** Reads what `snapshotCall` made kubectl print. */
export function readSnapshot(target: Target, output: KubectlOutput | undefined): Snapshot {
  if (output?.exitCode === 0) return parseSnapshot(output.stdout);
  throw new PipelineError(
    'CLUSTER_UNREACHABLE',
    `The API server of ${target.description} did not answer: ${saidBy(output)}`,
  );
}

export function parseSnapshot(text: string): Snapshot {
  const [objects = '', warnings = ''] = groups(text);
  const deployments: Deployment[] = [];
  const replicaSets: ReplicaSet[] = [];
  const pods: Pod[] = [];
  for (const cells of records(objects)) {
    const [kind, name, uid, generation, ownerUid, deleted, revision, source, commit] = cells;
    const [replicas, paused, statusText, owners] = cells.slice(9);
    const common = { name: name ?? '', uid: uid ?? '' };
    const status = parseStatus(`${kind} ${name}`, statusText);
    // An object's absent number prints as nothing; Kubernetes' default for replicas is 1.
    const wanted = replicas === '' ? 1 : Number(replicas);
    if (kind === 'Deployment') {
      deployments.push({
        ...common,
        generation: Number(generation),
        revision: revision ?? '',
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
