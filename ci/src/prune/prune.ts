import { resourceName } from '../manifests/objects.ts';
import type { ClosingStep, Ended } from '../release/steps.ts';
import { judgePrune } from './judge-prune.ts';
import { findBehind, leftBehind } from './left-behind.ts';

/**
 * Removes what earlier releases have applied and what serves does not hold, once that is proven. What
 * there is to remove is known from the records; the cluster is asked only if there is something.
 */
export const prune: ClosingStep = async (ended, { target, say }) => {
  if (!isProven(ended)) return [];
  const { overlay } = ended.release;
  const found = await findBehind(target, leftBehind({ ...ended, overlay }));
  if (!found) return [];
  const { remove, withheld } = judgePrune({
    ...found,
    configMapsInUse: new Set(found.sets.flatMap(({ configMaps }) => configMaps)),
    serving: ended.objects.length,
  });
  for (const it of withheld) say(`not removed: ${it}`);
  if (remove.length === 0) return [];
  const names = remove.map(resourceName);
  say(`removing what no release holds any more: ${names.join(', ')}`);
  return [{ args: ['delete', '--ignore-not-found', '--wait=false', ...names], timeoutSeconds: 60 }];
};

/** A whole state: all of this release, or all of the one that it went back to. */
const isProven = ({ release: { state, wentBack } }: Ended): boolean =>
  state === 'verified' ||
  (state === 'rolled-back' && wentBack?.proven === true && wentBack.to !== 'found');
