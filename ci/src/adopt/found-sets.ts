import { PipelineError } from '../errors.ts';
import { jsonPath, records, saidBy } from '../target/printed.ts';
import type { KubectlCall, KubectlOutput, Target } from '../target/target.ts';
import type { FoundSet } from './takeover.ts';

const fields = [
  '.metadata.name',
  '.metadata.ownerReferences[0].uid',
  '.spec.replicas',
  '.spec.template.metadata.labels',
];

/** Asks for all ReplicaSets, as a takeover needs them. */
export const foundSetsCall: KubectlCall = { args: ['get', 'replicasets', '-o', jsonPath(fields)] };

export function readFoundSets(
  target: Target,
  output: KubectlOutput | undefined,
): readonly FoundSet[] {
  if (output?.exitCode === 0) {
    return records(output.stdout).map(([name = '', ownerUid = '', replicas, labels]) => ({
      ...{ name, ownerUid, replicas: Number(replicas) },
      labels: JSON.parse(labels || '{}'),
    }));
  }
  throw new PipelineError(
    'CLUSTER_UNREACHABLE',
    `The ReplicaSets cannot be read on ${target.description}: ${saidBy(output)}`,
  );
}
