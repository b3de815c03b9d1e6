import { isDeepStrictEqual } from 'node:util';
import { type KubernetesObject, objectKey } from '../manifests/objects.ts';
import { objectsOf } from '../manifests/objects-of.ts';
import { withoutReleaseNotes } from '../manifests/release-notes.ts';
import type { Release } from '../report/release.ts';
import type { ReleaseRecord } from './record.ts';

/** To which proven release to go back, and with which services. */
export interface WayBack {
  readonly to: ReleaseRecord;
  readonly services: readonly string[];
  /** Whether the whole platform goes back, objects that belong to no service included. */
  readonly whole: boolean;
}

/** Whether a release's critical services were all proven. */
export const isProven = ({ release: { state } }: ReleaseRecord): boolean =>
  state === 'verified' || state === 'degraded';

/** The newest release whose critical services were all proven. */
export const newestProven = (
  records: readonly ReleaseRecord[],
  overlay: string,
): ReleaseRecord | undefined =>
  records
    .filter((record) => record.release.overlay === overlay && isProven(record))
    .toSorted((a, b) => (a.release.id > b.release.id ? -1 : 1))[0];

/**
 * Where a release that is not fully proven goes: the critical services belong together, so that one
 * of them takes the whole platform back; any other goes back alone. Nowhere if nothing was proven.
 */
export function wayBack(release: Release, records: readonly ReleaseRecord[]): WayBack | undefined {
  if (release.state !== 'failed' && release.state !== 'degraded') return undefined;
  const earlier = records.filter((record) => record.release.id !== release.id);
  const to = newestProven(earlier, release.overlay);
  if (!to) return undefined;
  if (release.state === 'failed') return { to, whole: true, services: Object.keys(to.standing) };
  const services = release.services
    .filter((it) => !it.proven && to.standing[it.service]?.proven === true)
    .map((it) => it.service);
  return services.length > 0 ? { to, whole: false, services } : undefined;
}

/** The way on which a release was already when whoever took it there died. */
export function wayAgain(
  { wentBack }: Release,
  records: readonly ReleaseRecord[],
): WayBack | undefined {
  const to = records.find((record) => record.release.id === wentBack?.to);
  if (!wentBack || !to) return undefined;
  return { to, whole: wentBack.as !== undefined, services: wentBack.services };
}

/**
 * The objects to apply on the way back; undefined if they are what is applied already, so that going
 * back would change nothing.
 */
export function objectsOnTheWayBack(
  { whole, services }: Pick<WayBack, 'whole' | 'services'>,
  applied: readonly KubernetesObject[],
  recorded: readonly KubernetesObject[],
): readonly KubernetesObject[] | undefined {
  const objects = whole ? recorded : exchanged(new Set(services), applied, recorded);
  return isSame(objects, applied) ? undefined : objects;
}

function exchanged(
  services: ReadonlySet<string>,
  applied: readonly KubernetesObject[],
  recorded: readonly KubernetesObject[],
): readonly KubernetesObject[] {
  const returning = objectsOf(services, recorded);
  const going = new Set([...objectsOf(services, applied).own, ...returning.all].map(objectKey));
  return [...applied.filter((object) => !going.has(objectKey(object))), ...returning.all];
}

function isSame(a: readonly KubernetesObject[], b: readonly KubernetesObject[]): boolean {
  const byKey = (objects: readonly KubernetesObject[]) =>
    new Map(withoutReleaseNotes(objects).map((object) => [objectKey(object), object]));
  return isDeepStrictEqual(byKey(a), byKey(b));
}
