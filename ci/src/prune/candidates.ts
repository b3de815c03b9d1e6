import { objectKey } from '../manifests/objects.ts';
import { distinct, type ObjectName } from './inventory.ts';

export interface Inventories {
  /** Of the releases that stay on record. */
  readonly kept: readonly (readonly ObjectName[])[];
  /** Of those whose records go, or that never came to serve. */
  readonly going: readonly (readonly ObjectName[])[];
  /** What serves now. */
  readonly serving: readonly ObjectName[];
}

/**
 * Objects of earlier releases that what serves does not hold. A ConfigMap stays while a release on
 * record names it: its name is its content, and going back needs it.
 */
export function pruneCandidates({ kept, going, serving }: Inventories): readonly ObjectName[] {
  const wanted = new Set(serving.map(objectKey));
  const named = new Set(kept.flat().map(objectKey));
  return distinct([...kept.flat(), ...going.flat()]).filter((it) => {
    const key = objectKey(it);
    return !wanted.has(key) && !(it.kind === 'ConfigMap' && named.has(key));
  });
}
