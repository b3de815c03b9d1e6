import type { KubernetesObject } from '../manifests/objects.ts';
import type { Comparison } from './compare.ts';

/** How a release brings the database up to date. */
export interface MigrationPart {
  /** As the manifests have it. */
  readonly job: KubernetesObject;
  /** `repository@sha256:…` */
  readonly image: string;
  readonly comparison: Comparison;
}

/** Whether its Job runs: nothing is known to be pending, or nobody could say. */
export const isDue = (migration: MigrationPart | undefined): migration is MigrationPart =>
  migration?.comparison.is === 'behind' || migration?.comparison.is === 'unknown';
