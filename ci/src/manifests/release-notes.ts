import type { KubernetesObject } from './objects.ts';

/** What a release writes on its Deployments: not on their pods, so that nothing rolls because of it. */
export interface ReleaseNotes {
  readonly release: string;
  readonly commit: string;
  /** `src-…` tag of each service's image. */
  readonly sources: ReadonlyMap<string, string>;
}

/** Notes on each Deployment what it should answer with, so that health can be verified later. */
export function withReleaseNotes(
  objects: readonly KubernetesObject[],
  { release, commit, sources }: ReleaseNotes,
): readonly KubernetesObject[] {
  return objects.map((object) => {
    const source = sources.get(object.metadata.name);
    if (object.kind !== 'Deployment' || source === undefined) return object;
    const annotations = {
      ...object.metadata.annotations,
      'whatsthecraic.run.place/release': release,
      'whatsthecraic.run.place/commit': commit,
      'whatsthecraic.run.place/source': source,
    };
    return { ...object, metadata: { ...object.metadata, annotations } };
  });
}
