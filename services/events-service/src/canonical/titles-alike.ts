import { contains, isSame, similarity } from './similarity.ts';
import type { Title } from './title.ts';

type Words = readonly string[];

/** From here on two names are one, written in two ways. */
const ONE_NAME = 0.85;
const SERIES = new Set('fest festival féile feile fleadh season series sessions'.split(' '));

/** How alike two titles are, from 0 to 1; `isAct` knows who is said to play. */
export function titlesAlike(one: Title, other: Title, isAct: (name: Words) => boolean): number {
  if (isSame(one.words, other.words)) return 1;
  const [[series = [], ...evening], [otherSeries = [], ...otherEvening]] = [
    one.segments,
    other.segments,
  ];
  // Two evenings of one series share its name, and are what follows.
  if (evening.length > 0 && otherEvening.length > 0 && isName(series, otherSeries)) {
    return isAct(series) ? 0.9 : similarity(evening.flat(), otherEvening.flat());
  }
  if (isNamedIn(one.words, other) || isNamedIn(other.words, one)) return 0.9;
  if (evening.some((it) => otherEvening.some((theirs) => isName(it, theirs)))) return 0.85;
  const held = contains(one.words, other.words) || contains(other.words, one.words);
  return Math.max(held ? 0.8 : 0, similarity(one.words, other.words));
}

/** Whether a title sets a name apart: "Low" in "Low + guests", and not in "Low Island". */
export const isNamedIn = (name: Words, { names, segments }: Title): boolean =>
  !name.some((word) => SERIES.has(word)) &&
  [...names, ...segments].some((part) => isName(name, part));

export const isName = (one: Words, other: Words): boolean =>
  isSame(one, other) || similarity(one, other) >= ONE_NAME;

/** Why two titles cannot mean one event, however alike they are. */
export function otherPart(one: Title, other: Title, isOneGig: boolean): string | undefined {
  const [a, b] = [one.marks, other.marks];
  if (a.kind !== b.kind) return `${a.kind || b.kind}, and not`;
  if (differ(a.sitting, b.sitting)) return 'another sitting';
  if (differ(a.day, b.day)) return 'another day of it';
  // A festival is not its Saturday; somebody's gig on a Saturday is their gig.
  if (a.day !== b.day && a.day !== 'all' && b.day !== 'all' && !isOneGig) return 'a day of it';
  const holds = (all: readonly string[], some: readonly string[]) =>
    some.every((number) => all.includes(number));
  if (!holds(a.numbers, b.numbers) && !holds(b.numbers, a.numbers)) return 'another number';
  return undefined;
}

const differ = (one: string, other: string) => one !== '' && other !== '' && one !== other;
