type Words = readonly string[];

/** Words that say nothing of which event it is. */
const FILLERS = new Set(
  'a an and at by featuring feat for from ft guest guests in ireland live of on plus presents show special support tba the tour very w with'.split(
    ' ',
  ),
);

/** Words of many events and houses: they say half as much as a name does. */
const COMMON = new Set(
  'album arena arts band bar beginners centre christmas church class club comedy concert day disco dj evening fest festival hall house jazz karaoke launch mic music night nights open orchestra party pub quiz records room session sessions set table theatre trad venue workshop'.split(
    ' ',
  ),
);

/** The same words, wherever blanks stand between them: Sea Church is Seachurch. */
export const isSame = (one: Words, other: Words): boolean => one.join('') === other.join('');

/** How much of all their words two lists share, from 0 to 1. */
export function similarity(one: Words, other: Words): number {
  if (isSame(one, other)) return 1;
  const [a, b] = [telling(one), telling(other)];
  if (isSame(a, b)) return 1;
  return Math.min(1, (2 * sharedWeight(a, b)) / (weight(a) + weight(b)));
}

/** Whether all of `part` is in `whole`, and says enough to be known by: two words, of which one is a name. */
export function contains(whole: Words, part: Words): boolean {
  const words = telling(part);
  if (words.length < 2 || words.every((word) => COMMON.has(word))) return false;
  return sharedWeight(words, telling(whole)) >= 0.95 * weight(words);
}

function telling(words: Words): Words {
  const rest = words.filter((word) => !FILLERS.has(word));
  return rest.length > 0 ? rest : words;
}

const weightOf = (word: string) => [...word].length / (COMMON.has(word) ? 2 : 1);
const weight = (words: Words) => words.reduce((sum, word) => sum + weightOf(word), 0);

function sharedWeight(a: Words, b: Words): number {
  const left = [...b];
  let shared = 0;
  for (const word of a) {
    const exact = left.indexOf(word);
    const index = exact >= 0 ? exact : left.findIndex((other) => isTypo(word, other));
    if (index < 0) continue;
    const [found = ''] = left.splice(index, 1);
    shared += (weightOf(word) + weightOf(found)) / 2;
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
