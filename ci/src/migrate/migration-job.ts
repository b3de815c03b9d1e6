import { PipelineError } from '../errors.ts';
import type { KubernetesObject } from '../manifests/objects.ts';
import { objectsOf } from '../manifests/objects-of.ts';

/** Name of the image, the Job and its ServiceAccount. */
export const databaseName = 'database';

export interface WithoutJob {
  /** What is applied and recorded. */
  readonly objects: readonly KubernetesObject[];
  /** The Job that brings the database up to date, as the manifests have it. */
  readonly job: KubernetesObject;
}

const isJob = ({ kind, metadata }: KubernetesObject) =>
  kind === 'Job' && metadata.name === databaseName;

/** Takes the migrations' Job out of the manifests: a Job cannot be changed, and each run needs its own. */
export function withoutMigrationJob(rendered: readonly KubernetesObject[]): WithoutJob {
  const job = rendered.find(isJob);
  if (!job) {
    throw new PipelineError(
      'MANIFESTS_INVALID',
      `There is no Job ${databaseName} among the manifests, which brings the database up to date.`,
      { cure: 'Name k8s/base/database in k8s/base/kustomization.yaml.' },
    );
  }
  return { objects: rendered.filter((object) => !isJob(object)), job };
}

/** A release's own Job: the same name is never run twice. */
export const migrationJobName = (release: string): string => `migrate-${release}`;

/** The Job of a release, behind what its pod needs and has not yet. */
export function migrationObjects(
  { objects, job }: WithoutJob,
  release: string,
): readonly KubernetesObject[] {
  const around = objectsOf(new Set([databaseName]), [...objects, job]).all.filter(
    (object) => !isJob(object),
  );
  const metadata = { ...job.metadata, name: migrationJobName(release) };
  return [...around, { ...job, metadata }];
}
