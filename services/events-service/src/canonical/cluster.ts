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

  const vetoOf = (one: SourceRecord, other: SourceRecord) =>
    scores.get(pair(one.id, other.id))?.veto;
  /** A row that was moved knows both days: who has the old one still is held by it to who has the new. */
  const linksDays = (moved: SourceRecord, one: SourceRecord, other: SourceRecord) =>
    moved.formerStartsAt !== null &&
    ![one.id, other.id].includes(moved.id) &&
    scores.get(pair(one.id, other.id))?.isOfTime === true &&
    vetoOf(moved, one) === undefined &&
    vetoOf(moved, other) === undefined;

  /** Rows that an admin put together speak as one: what bars one of them is lifted by another. */
  let spokenFor: ReadonlyMap<number, readonly SourceRecord[]> = new Map();
  const isBarred = (
    one: SourceRecord,
    other: SourceRecord,
    both: readonly SourceRecord[],
  ): boolean => {
    const said = decided.get(pair(one.id, other.id));
    if (said) return said === 'apart';
    const [ones = [one], others = [other]] = [spokenFor.get(one.id), spokenFor.get(other.id)];
    return ones.every((a) =>
      others.every((b) => vetoOf(a, b) !== undefined && !both.some((it) => linksDays(it, a, b))),
    );
  };
  const join = (one: SourceRecord, other: SourceRecord, force: boolean) => {
    const [a = [], b = []] = [groupOf.get(one.id), groupOf.get(other.id)];
    if (a === b) return;
    const both = [...a, ...b];
    if (!force && a.some((left) => b.some((right) => isBarred(left, right, both)))) return;
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
