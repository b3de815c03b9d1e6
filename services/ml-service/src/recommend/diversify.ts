export interface Line {
  /** The artists and the venue of an event: what there should not be three of. */
  readonly groups: readonly string[];
}

const WINDOW = 10;
const MOST = 2;

/**
 * The best first, but no three of one artist or venue in any ten in a row: whatever would be the third
 * waits for its turn. What is left when nothing else is there comes last, so that nobody is given less.
 */
export function diversify<T extends Line>(ranked: readonly T[], limit: number): T[] {
  const taken: T[] = [];
  const waiting = [...ranked];
  while (taken.length < limit && waiting.length > 0) {
    const recent = taken.slice(-(WINDOW - 1)).flatMap(({ groups }) => groups);
    const isFree = ({ groups }: T) =>
      groups.every((group) => recent.filter((it) => it === group).length < MOST);
    const next = waiting.findIndex(isFree);
    if (next < 0) break;
    taken.push(...waiting.splice(next, 1));
  }
  return taken;
}
