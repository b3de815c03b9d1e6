import { wordsOf } from './normalise.ts';
import { isSame, similarity } from './similarity.ts';

type Words = readonly string[];

const SHORT: Readonly<Record<string, string>> = {
  ...{ street: 'st', saint: 'st', road: 'rd', avenue: 'ave', theater: 'theatre' },
};

/** Names that houses had before, or go by, and the one that they have: sources are slow to learn. */
const NAMES: readonly (readonly [string, string])[] = [
  ['o2', '3arena'],
  ['point', '3arena'],
  ['point depot', '3arena'],
  ['point theatre', '3arena'],
  ['olympia', '3olympia theatre'],
  ['olympia theatre', '3olympia theatre'],
  ['grand canal theatre', 'bord gais energy theatre'],
  ['odyssey arena', 'sse arena'],
  ['nch', 'national concert hall'],
  ['rhk', 'royal hospital kilmainham'],
  ['imma', 'royal hospital kilmainham'],
];

/** A house's name in words, its city left out. */
export function houseWords(name: string, city: string): Words {
  const theirs = wordsOf(city);
  const all = wordsOf(name).map((word) => SHORT[word] ?? word);
  const rest = all.filter((word) => !theirs.includes(word) && word !== 'the');
  const words = rest.length > 0 ? rest : all;
  const known = NAMES.find(([before]) => isSame(before.split(' '), words));
  return known ? known[1].split(' ') : words;
}

/** How alike two houses' names are, from 0 to 1; one that is part of the other is nearly the whole. */
export function housesAlike(one: Words, other: Words): number {
  const alike = similarity(one, other);
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  const held = short.every((word) => long.includes(word)) && short.join('').length >= 4;
  return held ? Math.max(0.9, alike) : alike;
}
