import type { KubernetesObject } from '../manifests/objects.ts';
import { databaseName } from '../migrate/migration-job.ts';
import { isDue } from '../migrate/migration-part.ts';
import type { Nodes } from '../nodes/nodes.ts';
import type { RollOutOptions } from '../release/roll-out.ts';
import type { ReleaseStep } from '../release/steps.ts';
import type { Snapshot } from '../rollout/kubernetes.ts';
import { imagesToPull } from './images-to-pull.ts';
import { pullImages } from './pull.ts';

/**
 * Has each image pulled that is not on the nodes yet, before anything is touched. Where nothing serves
 * there is nothing to keep: the rollouts pull for themselves, and say the same of what they cannot have.
 */
export const pull: ReleaseStep = async (candidate, options) => {
  const { release, images, migration } = candidate;
  if (candidate.before.deployments.length === 0) return;
  const wanted = new Map([...images].map(([service, { image }]) => [service, image]));
  if (isDue(migration)) wanted.set(databaseName, migration.image);
  // A rollback that passes a release over pulls once more, perhaps within the same second.
  const name = ['pull', release.id, release.restores].filter(Boolean).join('-');
  await pullMissing({ ...candidate, name, images: wanted }, options);
};

export interface MissingRequest {
  /** Of the Job. */
  readonly name: string;
  /** `repository@sha256:…` by the service that is to run it. */
  readonly images: ReadonlyMap<string, string>;
  readonly objects: readonly KubernetesObject[];
  readonly before: Snapshot;
  readonly nodes?: Nodes | undefined;
}

/** Has those images pulled that are not on the nodes yet. */
export async function pullMissing(
  { name, images, objects, before, nodes }: MissingRequest,
  options: RollOutOptions,
): Promise<void> {
  const missing = imagesToPull(images, before, nodes?.images);
  if (missing.size === 0) return;
  const ended = options.timeline.phase('pull');
  await pullImages({ name, images: missing, objects }, options).finally(ended);
}

/** Whether a pull has failed for good: what is not in the registry, or not for this node. */
export const isGone = (code: string): boolean =>
  code === 'IMAGE_NOT_FOUND' || code === 'IMAGE_WRONG_PLATFORM';
