import { PipelineError } from '../errors.ts';
import type { KubernetesObject } from '../manifests/objects.ts';
import { parseManifests, printManifests } from '../manifests/text.ts';
import { printName } from '../prune/inventory.ts';
import { redactAll } from '../redact.ts';
import type { Release, ServiceImage } from '../report/release.ts';
import { recordedEvidence } from '../rollout/evidence.ts';

/** What serves for one service when a release has ended. */
export interface Standing extends ServiceImage {
  /** Whether it was proven, in this release or in the one that it went back to. */
  readonly proven: boolean;
}

/** What a release leaves in the cluster: the one truth about it. */
export interface ReleaseRecord {
  readonly release: Release;
  readonly standing: Readonly<Record<string, Standing>>;
  /** Pods that were there before it, by uid; told while it is under way, for whoever has to finish it. */
  readonly pods?: readonly string[] | undefined;
  /** Names of its objects, so that what a later one lacks can be removed. */
  readonly inventory?: readonly string[];
}

const label = 'whatsthecraic.run.place/record';

/** Selects the ConfigMaps that are records. */
export const recordSelector = `--selector=${label}=release`;

const recordName = (id: string): string => `release-${id}`;
const manifestsName = (id: string): string => `${recordName(id)}-manifests`;

/** The ConfigMaps of one record. Before manifests had one of their own, they lay in the first. */
export const recordNames = (id: string): readonly string[] => [recordName(id), manifestsName(id)];

/** The keys of their data. */
export const summaryKey = 'release.json';
export const manifestsKey = 'manifests.json';

/**
 * A record as two ConfigMaps that a person can read with kubectl: the manifests as they were applied, and
 * the result, which every release reads of all that are on record.
 */
export const recordObjects = (
  record: ReleaseRecord,
  objects: readonly KubernetesObject[],
): readonly KubernetesObject[] => [
  configMap(manifestsName(record.release.id), 'manifests', {
    [manifestsKey]: printManifests(objects),
  }),
  summaryObject(record, objects),
];

/** Of the evidence it keeps what it has room for; no secret is in any text of it. */
function summaryObject(
  { release, standing, pods }: ReleaseRecord,
  objects: readonly KubernetesObject[],
): KubernetesObject {
  const services = release.services.map((it) =>
    it.evidence ? { ...it, evidence: recordedEvidence(it.evidence) } : it,
  );
  const summary = redactAll({
    version: 1,
    release: { ...release, services },
    standing,
    pods,
    inventory: objects.map(printName),
  });
  const text = `${JSON.stringify(summary, undefined, 2)}\n`;
  // For `kubectl get configmaps --label-columns`.
  const state = { 'whatsthecraic.run.place/state': release.state };
  return configMap(recordName(release.id), 'release', { [summaryKey]: text }, state);
}

const configMap = (
  name: string,
  holds: string,
  data: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>> = {},
): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name,
    labels: {
      'app.kubernetes.io/managed-by': 'whatsthecraic-pipeline',
      [label]: holds,
      ...labels,
    },
  },
  data,
});

/** Reads a record's summary; undefined for what is none, or one of a pipeline to come. */
export function parseRecord(text: string): ReleaseRecord | undefined {
  let value: Partial<ReleaseRecord> & { version?: unknown };
  try {
    value = Object(JSON.parse(text));
  } catch {
    return undefined;
  }
  const { version, release, standing, pods, inventory } = value;
  if (version !== 1 || typeof release?.id !== 'string' || !standing) return undefined;
  return { release, standing, ...(pods ? { pods } : {}), ...(inventory ? { inventory } : {}) };
}

/** Reads a record's manifests. */
export function parseRecordedManifests(id: string, text: string): readonly KubernetesObject[] {
  const objects = parseManifests(text);
  if (objects.length > 0) return objects;
  throw new PipelineError('RECORD_BROKEN', `The record of release ${id} holds no manifests.`, {
    cure: `See \`kubectl get configmaps ${recordNames(id).join(' ')} -o yaml\`.`,
  });
}
