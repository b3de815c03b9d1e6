import { isReleaseNote } from '../manifests/release-notes.ts';
import { isRecord } from './path.ts';

/** What the server writes of an object and no manifest does. */
const serverOwn: ReadonlySet<string> = new Set([
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
]);

/** The part of an object that a deploy means: no status, no bookkeeping, no notes of the release. */
export function comparable(object: object): object {
  const { status: _, metadata, ...rest } = object as Record<string, unknown>;
  if (!isRecord(metadata)) return rest;
  const { annotations, ...others } = metadata;
  const kept = Object.entries(others).filter(([field]) => !serverOwn.has(field));
  const notes = Object.entries(isRecord(annotations) ? annotations : {});
  const ours = notes.filter(([name]) => !isReleaseNote(name));
  const written = ours.length > 0 ? { annotations: Object.fromEntries(ours) } : {};
  return { ...rest, metadata: { ...Object.fromEntries(kept), ...written } };
}
