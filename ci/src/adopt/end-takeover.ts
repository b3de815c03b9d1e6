import type { ClosingStep } from '../release/steps.ts';
import { closeToOldPods, endOldPods, orphansCall } from './old-pods.ts';
import { forgetTakeover, readTakeover, takeoverCall } from './takeover-record.ts';

/** Once a takeover is proven the pods that served before it end. */
export const endTakeover: ClosingStep = async ({ release }, { target, say }) => {
  if (!release.adopts || release.state !== 'verified') return [];
  const [record, orphans] = await target.kubectl([takeoverCall, orphansCall]);
  const takeover = readTakeover(target, record);
  if (!takeover) return [];
  const ends = endOldPods(takeover, orphans?.stdout ?? '');
  if (ends.length > 0) say('taken over; the pods that served before end');
  return [...ends, closeToOldPods, forgetTakeover];
};
