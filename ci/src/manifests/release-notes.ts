import type { KubernetesObject } from './objects.ts';

/** What a release writes on its Deployments: not on their pods, so that nothing rolls because of it. */
export interface ReleaseNotes {
  readonly release: string;
  readonly commit: string;
  /** `src-…` tag of each service's image. */
  readonly sources: ReadonlyMap<string, string>;
}

/** Those on one Deployment. */
export interface NotesFound {
  readonly name: string;
  readonly release: string;
  readonly commit: string;
  readonly source: string;
}

const keys = {
  release: 'whatsthecraic.run.place/release',
  commit: 'whatsthecraic.run.place/commit',
  source: 'whatsthecraic.run.place/source',
} as const;
const names: ReadonlySet<string> = new Set(Object.values(keys));

/** Whether an annotation tells of the release, and so differs with each. */
export const isReleaseNote = (annotation: string): boolean => names.has(annotation);

/** Notes on each Deployment what it should answer with, so that health can be verified later. */
export const withReleaseNotes = (
  objects: readonly KubernetesObject[],
  { release, commit, sources }: ReleaseNotes,
): readonly KubernetesObject[] =>
  withNotes(
    objects,
    [...sources].map(([name, source]) => ({ name, release, commit, source })),
  );

/** Notes on each Deployment what stands here of it. */
export function withNotes(
  objects: readonly KubernetesObject[],
  notes: readonly NotesFound[],
): readonly KubernetesObject[] {
  const byName = new Map(notes.map((it) => [it.name, it]));
  return objects.map((object) => {
    const own = byName.get(object.metadata.name);
    if (object.kind !== 'Deployment' || own === undefined) return object;
    const annotations = {
      ...object.metadata.annotations,
      [keys.release]: own.release,
      [keys.commit]: own.commit,
      [keys.source]: own.source,
    };
    return { ...object, metadata: { ...object.metadata, annotations } };
  });
}

/** The `src-…` tag that is noted on a Deployment. */
export const sourceNotedOn = ({ metadata }: KubernetesObject): string | undefined =>
  metadata.annotations?.[keys.source];

/** The same objects as they were before the notes, to compare those of two releases. */
export function withoutReleaseNotes(
  objects: readonly KubernetesObject[],
): readonly KubernetesObject[] {
  return objects.map((object) => {
    const { annotations, ...metadata } = object.metadata;
    const others = Object.entries(annotations ?? {}).filter(([key]) => !isReleaseNote(key));
    if (others.length === 0) return { ...object, metadata };
    return { ...object, metadata: { ...metadata, annotations: Object.fromEntries(others) } };
  });
}
