import { PipelineError } from '../errors.ts';
import type { KubernetesObject } from '../manifests/objects.ts';
import { applyCall } from '../manifests/payload.ts';
import { saidBy } from '../rollout/snapshot.ts';
import type { KubectlCall, KubectlOutput, Target } from '../target/target.ts';
import {
  manifestsKey,
  parseRecord,
  parseRecordedManifests,
  type ReleaseRecord,
  recordName,
  recordSelector,
  summaryKey,
} from './record.ts';
import { newestProven } from './way-back.ts';

// ASCII's own separator: no JSON holds it.
const separator = '\x1e';

const keptRecords = 10;

const field = (key: string): string => `{.data.${key.replaceAll('.', '\\.')}}`;

/** All records of the cluster, the newest first; what cannot be read as one is left out. */
export async function readRecords(target: Target): Promise<readonly ReleaseRecord[]> {
  const output = `jsonpath={range .items[*]}${field(summaryKey)}{"\\x1e"}{end}`;
  const text = await read(target, ['get', 'configmaps', recordSelector, '-o', output]);
  return text
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
  const output = `jsonpath=${field(manifestsKey)}`;
  const text = await read(target, ['get', 'configmap', recordName(id), '-o', output]);
  return parseRecordedManifests(id, text);
}

/** Writes records; those of `expired` releases go. */
export async function writeRecords(
  target: Target,
  records: readonly KubernetesObject[],
  expired: readonly string[],
): Promise<void> {
  const calls: KubectlCall[] = [applyCall(records)];
  if (expired.length > 0) {
    const names = expired.map(recordName);
    calls.push({ args: ['delete', 'configmap', '--ignore-not-found', '--wait=false', ...names] });
  }
  for (const output of await target.kubectl(calls)) {
    if (output.exitCode === 0) continue;
    throw new PipelineError(
      'CLUSTER_UNREACHABLE',
      `The record of the release cannot be written on ${target.description}: ${saidBy(output)}`,
    );
  }
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

async function read(target: Target, args: readonly string[]): Promise<string> {
  const [output] = await target.kubectl([{ args }]);
  if (output?.exitCode === 0) return (output as KubectlOutput).stdout;
  throw new PipelineError(
    'CLUSTER_UNREACHABLE',
    `The records of releases cannot be read on ${target.description}: ${saidBy(output)}`,
  );
}
