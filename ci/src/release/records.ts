import { PipelineError } from '../errors.ts';
import type { KubernetesObject } from '../manifests/objects.ts';
import { applyCall } from '../manifests/payload.ts';
import { saidBy } from '../target/printed.ts';
import type { KubectlCall, KubectlOutput, Target } from '../target/target.ts';
import {
  manifestsKey,
  parseRecord,
  parseRecordedManifests,
  type ReleaseRecord,
  recordNames,
  recordSelector,
  summaryKey,
} from './record.ts';
import { newestProven } from './way-back.ts';

// ASCII's own separator: no JSON holds it.
const separator = '\x1e';

const keptRecords = 10;

const field = (key: string): string => `{.data.${key.replaceAll('.', '\\.')}}`;

/** Asks for all records of the cluster. */
export const recordsCall: KubectlCall = {
  args: [
    ...['get', 'configmaps', recordSelector],
    ...['-o', `jsonpath={range .items[*]}${field(summaryKey)}{"\\x1e"}{end}`],
  ],
};

/** All records of the cluster, the newest first; what cannot be read as one is left out. */
export async function readRecords(target: Target): Promise<readonly ReleaseRecord[]> {
  const [output] = await target.kubectl([recordsCall]);
  return toRecords(target, output);
}

/** Reads what `recordsCall` made kubectl print. */
export function toRecords(
  target: Target,
  output: KubectlOutput | undefined,
): readonly ReleaseRecord[] {
  return printed(target, output)
    .split(separator)
    .map(parseRecord)
    .filter((record) => record !== undefined)
    .toSorted((a, b) => (a.release.id > b.release.id ? -1 : 1));
}

/** The manifests of a release as they were applied. */
export async function readManifests(
  target: Target,
  id: string,
): Promise<readonly KubernetesObject[]> {
  const output = `jsonpath={range .items[*]}${field(manifestsKey)}{"\\x1e"}{end}`;
  const [found] = await target.kubectl([
    { args: ['get', 'configmap', ...recordNames(id), '--ignore-not-found', '-o', output] },
  ]);
  // Of a record in its old form that is being written anew both may hold them.
  const texts = printed(target, found).split(separator);
  return parseRecordedManifests(id, texts.findLast((text) => text !== '') ?? '');
}

/** Write records; those of `expired` releases go. */
export function recordCalls(
  records: readonly KubernetesObject[],
  expired: readonly string[],
): readonly KubectlCall[] {
  const names = expired.flatMap(recordNames);
  const gone = ['delete', 'configmap', '--ignore-not-found', '--wait=false', ...names];
  return [applyCall(records), ...(names.length > 0 ? [{ args: gone }] : [])];
}

/** Throws if a call of `recordCalls` failed. */
export function requireWritten(target: Target, outputs: readonly KubectlOutput[]): void {
  const failed = outputs.find((output) => output.exitCode !== 0);
  if (!failed) return;
  throw new PipelineError(
    'CLUSTER_UNREACHABLE',
    `The record of the release cannot be written on ${target.description}: ${saidBy(failed)}`,
  );
}

/** Ids of releases whose records go: all but the last ten and the one to go back to. */
export function expiredRecords(
  records: readonly ReleaseRecord[],
  overlay: string,
): readonly string[] {
  const wayBack = newestProven(records, overlay);
  return records
    .toSorted((a, b) => (a.release.id > b.release.id ? -1 : 1))
    .slice(keptRecords)
    .filter((record) => record !== wayBack)
    .map(({ release }) => release.id);
}

function printed(target: Target, output: KubectlOutput | undefined): string {
  if (output?.exitCode === 0) return output.stdout;
  throw new PipelineError(
    'CLUSTER_UNREACHABLE',
    `The records of releases cannot be read on ${target.description}: ${saidBy(output)}`,
  );
}
