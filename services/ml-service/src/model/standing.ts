import type { Action } from './facts.ts';

type Kind = Action['kind'];

/** Of two kinds that contradict each other only the last word counts. */
const THINGS = [
  ['save', 'unsave'],
  ['hide', 'unhide'],
  ['up', 'down'],
] as const satisfies readonly (readonly Kind[])[];

/** The number of the thing that such an action says something of; -1 of what simply happened. */
export const thingOf = (kind: Kind): number =>
  THINGS.findIndex((kinds) => (kinds as readonly Kind[]).includes(kind));

/**
 * One person's actions as they stand: of a save, a hide or a thumb only what was said last, and of what
 * was said several times in a row the first time. Clicks and the like all stay.
 */
export function standing<T extends Pick<Action, 'event' | 'kind' | 'at'>>(
  actions: readonly T[],
): T[] {
  const last = new Map<number, T>();
  const happened: T[] = [];
  for (const action of [...actions].sort((a, b) => a.at - b.at)) {
    const thing = thingOf(action.kind);
    if (thing < 0) {
      happened.push(action);
      continue;
    }
    const key = action.event * THINGS.length + thing;
    if (last.get(key)?.kind !== action.kind) last.set(key, action);
  }
  return [...happened, ...last.values()].sort((a, b) => a.at - b.at);
}
