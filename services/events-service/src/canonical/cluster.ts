import { ENOUGH, score } from './score.ts';
import { keyOf, type SourceRecord } from './source-event.ts';

export interface Decision {
  readonly kind: 'together' | 'apart';
  readonly oneId: number;
  readonly otherId: number;
}

/**
 * Puts rows that mean one event together: the surest pair first, as long as nothing stands between any
 * two of a group. What an admin decided comes before any score. The order of the rows does not matter.
 */
export function cluster(
  records: readonly SourceRecord[],
  decisions: readonly Decision[] = [],
): SourceRecord[][] {
  const sorted = records.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const groupOf = new Map(sorted.map((record) => [record.id, [record]]));
  const decided = new Map(
    decisions.map(({ kind, oneId, otherId }) => [pair(oneId, otherId), kind]),
  );
  const scores = new Map<string, ReturnType<typeof score>>();
  const pairs = sorted.flatMap((one, index) =>
    sorted.slice(index + 1).map((other) => {
      const found = score(one, other);
      scores.set(pair(one.id, other.id), found);
      return { one, other, ...found };
    }),
  );

  /** Rows that an admin put together speak as one: what bars one of them is lifted by another. */
  let spokenFor: ReadonlyMap<number, readonly SourceRecord[]> = new Map();
  const isBarred = (one: SourceRecord, other: SourceRecord) => {
    const said = decided.get(pair(one.id, other.id));
    if (said) return said === 'apart';
    const [ones = [one], others = [other]] = [spokenFor.get(one.id), spokenFor.get(other.id)];
    return ones.every((a) => others.every((b) => scores.get(pair(a.id, b.id))?.veto !== undefined));
  };
  const join = (one: SourceRecord, other: SourceRecord, force: boolean) => {
    const [a = [], b = []] = [groupOf.get(one.id), groupOf.get(other.id)];
    if (a === b) return;
    if (!force && a.some((left) => b.some((right) => isBarred(left, right)))) return;
    a.push(...b);
    for (const { id } of b) groupOf.set(id, a);
  };

  for (const { one, other } of pairs) {
    if (decided.get(pair(one.id, other.id)) === 'together') join(one, other, true);
  }
  spokenFor = new Map([...groupOf].map(([id, group]) => [id, [...group]]));
  const likely = pairs.filter(({ points, veto }) => points >= ENOUGH && veto === undefined);
  // A stable sort: equal ones stay in the order of their keys.
  for (const { one, other } of likely.toSorted((a, b) => b.points - a.points)) {
    join(one, other, false);
  }
  return [...new Set(groupOf.values())];
}

const pair = (one: number, other: number) => `${Math.min(one, other)}-${Math.max(one, other)}`;
