import type { KubernetesObject } from '../manifests/objects.ts';
import type { Release, ServiceImage, ServiceResult } from '../report/release.ts';
import { recordObject, type Standing } from './record.ts';

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

/** The objects with the release's record before all that it speaks of, in the namespace that comes first. */
export function withRecord(
  release: Release,
  objects: readonly KubernetesObject[],
): readonly KubernetesObject[] {
  const isNamespace = ({ kind }: KubernetesObject) => kind === 'Namespace';
  return [
    ...objects.filter(isNamespace),
    recordObject({ release, standing: {} }, objects),
    ...objects.filter((object) => !isNamespace(object)),
  ];
}
