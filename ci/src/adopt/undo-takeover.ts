import type { Candidate } from '../release/bring.ts';
import type { Returned } from '../release/go-back.ts';
import type { RollOutOptions } from '../release/roll-out.ts';
import { putBack } from './put-back.ts';
import { readTakeover, takeoverCall } from './takeover-record.ts';

/**
 * Undoes a takeover that was not proven whole: all that was there before serves again. Undefined if
 * none is under way.
 */
export async function undoTakeover(
  { release, objects }: Candidate,
  options: RollOutOptions,
): Promise<Returned | undefined> {
  if (!release.adopts || release.state === 'verified') return undefined;
  const [record] = await options.target.kubectl([takeoverCall]);
  const takeover = readTakeover(options.target, record);
  if (!takeover) return undefined;
  const isBack = options.timeline.phase('back');
  const trouble = await putBack(takeover, options).finally(isBack);
  const services = takeover.found
    .filter(({ kind }) => kind === 'Deployment')
    .map(({ metadata }) => metadata.name);
  const wentBack = {
    ...{ to: 'found', services, proven: trouble === undefined },
    ...(trouble === undefined ? {} : { trouble }),
  };
  const state = trouble === undefined ? ('rolled-back' as const) : ('failed' as const);
  return { release: { ...release, state, wentBack }, standing: {}, objects, records: [] };
}
