import type { KubernetesObject } from '../manifests/objects.ts';
import type { ServiceResult } from '../report/release.ts';
import type { Standing } from './record.ts';

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

/** The objects with the record before all that it speaks of, in the namespace that comes first. */
export function withRecord(
  objects: readonly KubernetesObject[],
  record: KubernetesObject,
): readonly KubernetesObject[] {
  const isNamespace = ({ kind }: KubernetesObject) => kind === 'Namespace';
  return [
    ...objects.filter(isNamespace),
    record,
    ...objects.filter((object) => !isNamespace(object)),
  ];
}
