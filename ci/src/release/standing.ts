import type { KubernetesObject } from '../manifests/objects.ts';
import { podTemplateOf } from '../manifests/pod-template.ts';
import { sourceNotedOn } from '../manifests/release-notes.ts';
import type { Release, ServiceImage, ServiceResult } from '../report/release.ts';
import type { Snapshot } from '../rollout/kubernetes.ts';
import { recordObjects, type Standing } from './record.ts';

/** What serves after a rollout that nothing went back from. */
export const standingOf = (
  services: readonly ServiceResult[],
): Readonly<Record<string, Standing>> =>
  Object.fromEntries(
    services.map(({ service, image, source, built, proven }) => [
      service,
      { image, source, built, proven },
    ]),
  );

/** What each service must answer with when some have gone back. */
export function imagesAfter(
  standing: Readonly<Record<string, Standing>>,
  services: readonly string[],
  images: ReadonlyMap<string, ServiceImage>,
): ReadonlyMap<string, ServiceImage> {
  const earlier = services.flatMap((name) => {
    const found = standing[name];
    return found ? [[name, { ...found, built: false }] as const] : [];
  });
  return new Map([...images, ...earlier]);
}

/** What each service must answer with once these objects are applied, by the notes that they carry. */
export function imagesIn(objects: readonly KubernetesObject[]): ReadonlyMap<string, ServiceImage> {
  return new Map(
    objects.flatMap((object) => {
      const source = sourceNotedOn(object);
      const image = podTemplateOf(object)?.spec.containers[0]?.image;
      return source && image ? [[object.metadata.name, { image, source, built: false }]] : [];
    }),
  );
}

/** The objects with the release's record before all that it speaks of, in the namespace that comes first. */
export function withRecord(
  release: Release,
  objects: readonly KubernetesObject[],
  before: Snapshot,
): readonly KubernetesObject[] {
  const isNamespace = ({ kind }: KubernetesObject) => kind === 'Namespace';
  const pods = before.pods.map((pod) => pod.uid);
  return [
    ...objects.filter(isNamespace),
    ...recordObjects({ release, standing: {}, pods }, objects),
    ...objects.filter((object) => !isNamespace(object)),
  ];
}
