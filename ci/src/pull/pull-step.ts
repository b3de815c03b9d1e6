import { databaseName } from '../migrate/migration-job.ts';
import { isDue } from '../migrate/migration-part.ts';
import type { ReleaseStep } from '../release/steps.ts';
import { imagesToPull } from './images-to-pull.ts';
import { pullImages } from './pull.ts';

/**
 * Has each image pulled that no pod runs yet, before anything is touched. Where nothing serves there is
 * nothing to keep: the rollouts pull for themselves, and say the same of what they cannot have.
 */
export const pull: ReleaseStep = async (candidate, options) => {
  const { release, images, objects, before, migration } = candidate;
  if (before.deployments.length === 0) return;
  const wanted = new Map([...images].map(([service, { image }]) => [service, image]));
  if (isDue(migration)) wanted.set(databaseName, migration.image);
  const missing = imagesToPull(wanted, before);
  if (missing.size === 0) return;
  const ended = options.timeline.phase('pull');
  const name = `pull-${release.id}`;
  await pullImages({ name, images: missing, objects }, options).finally(ended);
};
