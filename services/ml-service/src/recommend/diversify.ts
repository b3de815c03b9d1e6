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
  const isTaken = new Uint8Array(ranked.length);
  /** How often each group stands among the last lines, all but one of the window. */
  const recent = new Map<string, number>();
  const count = ({ groups }: T, by: number) => {
    for (const group of groups) recent.set(group, (recent.get(group) ?? 0) + by);
  };
  const mayStand = (i: number) =>
    isTaken[i] === 0 && ranked[i]?.groups.every((group) => (recent.get(group) ?? 0) < MOST);
  let first = 0;
  while (taken.length < limit) {
    while (isTaken[first] === 1) first += 1;
    let next = first;
    while (next < ranked.length && !mayStand(next)) next += 1;
    const line = ranked[next];
    if (line === undefined) break;
    isTaken[next] = 1;
    taken.push(line);
    count(line, 1);
    const gone = taken[taken.length - WINDOW];
    if (gone !== undefined) count(gone, -1);
  }
  return taken;
}
