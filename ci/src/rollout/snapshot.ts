import { PipelineError } from '../errors.ts';
import type { KubectlCall, KubectlOutput, Target } from '../target/target.ts';
import type { Deployment, Pod, ReplicaSet, Snapshot, Warning } from './kubernetes.ts';

// ASCII's own separators: no Kubernetes string holds them.
const unit = '\x1f';
const record = '\x1e';

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

/** Asks for these fields of every object of a list, to be read by `records`. */
export const jsonPath = (fields: readonly string[]): string => {
  const cells = fields.map((field) => `{${field}}`).join('{"\\x1f"}');
  return `jsonpath={range .items[*]}${cells}{"\\x1e"}{end}`;
};

/** Ask for the whole state of the platform; `readSnapshot` reads what they print. */
export const snapshotCalls: readonly KubectlCall[] = [
  { args: ['get', 'deployments,replicasets,pods', '-o', jsonPath(objectFields)] },
  { args: ['get', 'events', '--field-selector=type=Warning', '-o', jsonPath(warningFields)] },
];

/** Reads the whole state of the platform in one round trip. */
export async function takeSnapshot(target: Target): Promise<Snapshot> {
  return readSnapshot(target, await target.kubectl(snapshotCalls));
}

export function readSnapshot(target: Target, outputs: readonly KubectlOutput[]): Snapshot {
  const [objects, warnings] = outputs;
  for (const output of [objects, warnings]) {
    if (output?.exitCode === 0) continue;
    throw new PipelineError(
      'CLUSTER_UNREACHABLE',
      `The API server of ${target.description} did not answer: ${saidBy(output)}`,
    );
  }
  return parseSnapshot(objects as KubectlOutput, warnings as KubectlOutput);
}

export function parseSnapshot(
  objects: Pick<KubectlOutput, 'stdout'>,
  warnings: Pick<KubectlOutput, 'stdout'>,
): Snapshot {
  const deployments: Deployment[] = [];
  const replicaSets: ReplicaSet[] = [];
  const pods: Pod[] = [];
  for (const cells of records(objects.stdout)) {
    const [kind, name, uid, generation, ownerUid, deleted, revision, source, commit] = cells;
    const [replicas, paused, statusText] = cells.slice(9);
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
  return { deployments, replicaSets, pods, warnings: records(warnings.stdout).map(toWarning) };
}

function parseStatus(object: string, text: string | undefined) {
  try {
    return JSON.parse(text || '{}');
  } catch (error) {
    const what = `kubectl did not print the status of ${object} as JSON.`;
    throw new PipelineError('KUBECTL_FAILED', what, { cause: error });
  }
}

/** What a failed call says of itself; one that was killed at its limit said nothing. */
export const saidBy = (output: KubectlOutput | undefined): string =>
  output?.stderr.trim() || `kubectl ended with exit code ${output?.exitCode} and said nothing`;

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

export const records = (text: string): string[][] =>
  text
    .split(record)
    .filter((line) => line !== '')
    .map((line) => line.split(unit));
