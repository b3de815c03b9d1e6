import type { ReleaseStep } from '../release/steps.ts';
import { runMigrations } from './migrate.ts';
import { migrationObjects } from './migration-job.ts';
import { isDue } from './migration-part.ts';

/** Brings the database up to date before a rollout; does nothing where it is. */
export const migrate: ReleaseStep = async ({ release, objects, migration }, options) => {
  if (migration?.comparison.is === 'ahead') {
    options.say('database: it has migrations of later releases, and keeps them');
  }
  if (!isDue(migration)) return;
  const { job } = migration;
  const ended = options.timeline.phase('migrate');
  await runMigrations(migrationObjects({ objects, job }, release.id), options).finally(ended);
};
