/** Words that say nothing of which event it is. */
const FILLERS = new Set(
  'a an and at by featuring feat for from ft ireland in live of on plus presents show support the tour with'.split(
    ' ',
  ),
);

/** How alike two lists of words are, from 0 to 1; one that is part of the other counts nearly whole. */
export function similarity(one: readonly string[], other: readonly string[]): number {
  if (one.join(' ') === other.join(' ')) return 1;
  const [a, b] = [telling(one), telling(other)];
  const shared = sharedWeight(a, b);
  if (shared === 0) return 0;
  const [total, shorter] = [weight(a) + weight(b), Math.min(weight(a), weight(b))];
  const dice = (2 * shared) / total;
  // "Paper Wolves" in "Paper Wolves with Soft Tides": a title tells more or less of the same bill.
  const contained = shared / shorter;
  return Math.min(1, Math.max(dice, contained >= 0.99 && shorter >= 4 ? 0.9 : contained * 0.75));
}

function telling(words: readonly string[]): readonly string[] {
  const rest = words.filter((word) => !FILLERS.has(word));
  return rest.length > 0 ? rest : words;
}

const weight = (words: readonly string[]) => words.reduce((sum, word) => sum + [...word].length, 0);

function sharedWeight(a: readonly string[], b: readonly string[]): number {
  const left = [...b];
  let shared = 0;
  for (const word of a) {
    const index = left.findIndex((other) => other === word || isTypo(word, other));
    if (index < 0) continue;
    const [found = ''] = left.splice(index, 1);
    shared += ([...word].length + [...found].length) / 2;
  }
  return shared;
}

/** One letter too many, too few, other or swapped, in a word long enough for it to be a slip. */
function isTypo(one: string, other: string): boolean {
  if (Math.min(one.length, other.length) < 5 || Math.abs(one.length - other.length) > 1) {
    return false;
  }
  let begin = 0;
  while (begin < one.length && one[begin] === other[begin]) begin += 1;
  const [a, b] = [one.slice(begin), other.slice(begin)];
  return (
    a.slice(1) === b.slice(1) ||
    a.slice(1) === b ||
    a === b.slice(1) ||
    (a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2))
  );
}
