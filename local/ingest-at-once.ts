import { namespace } from '../ci/src/namespace.ts';
import type { Admin } from './admin.ts';

/** The Job that does once what the CronJob does by its schedule. */
export const firstIngestion = 'ingest-at-once';

/**
 * Has the first events brought now, and not only when the schedule says so. While the Job is there nothing
 * is done: it stays until the next one of the CronJob has ended, or a day.
 */
export async function ingestAtOnce(admin: Admin): Promise<void> {
  const place = [`--namespace=${namespace}`];
  const there = await admin([
    'get',
    'job',
    firstIngestion,
    ...place,
    '--ignore-not-found',
    '-o',
    'name',
  ]);
  if (there.trim() !== '') return;
  await admin(['create', 'job', firstIngestion, '--from=cronjob/ingest', ...place]);
}
