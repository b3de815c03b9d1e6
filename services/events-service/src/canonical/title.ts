import { wordsOf } from './normalise.ts';

type Words = readonly string[];

/** What a title says, taken apart. */
export interface Title {
  /** All words but those that name a ticket, the house or the city. */
  readonly words: Words;
  /** What colons and dashes set apart: a series and its evening, an act and its tour. */
  readonly segments: readonly Words[];
  /** What could be somebody's name: what stands between signs, `and`, `with` and the like. */
  readonly names: readonly Words[];
  readonly marks: Marks;
}

/** Which of several parts of one thing it is: a title that says another one is another event. */
interface Marks {
  readonly numbers: readonly string[];
  /** `all` is a ticket for each day of a festival. */
  readonly day: string;
  readonly sitting: string;
  /** What bears the name of a gig and is another thing. */
  readonly kind: string;
}

/** Names of a ticket, and what became of the event: they say nothing of which event it is. */
const TICKET =
  'vip|(?:official )?platinum|premium|hospitality|meet (?:and|&) greet|early bird|general admission|accessible|re-?scheduled|postponed|cancell?ed|sold out|(?:low|last|final) tickets|extra date(?: added)?|new (?:date|venue)';
const AT_END = new RegExp(`[\\s([{*–—:|-]+(?:${TICKET})\\b[^()]*[)\\]}*!]*\\s*$`, 'iu');
const AT_BEGIN = new RegExp(`^[\\s([{*]*(?:${TICKET})[)\\]}*]*(?:\\s*[!:–—-])?\\s+(?=\\S)`, 'iu');
const PASS =
  /[\s(–—:-]+(?:weekend|full|(?:\d|two|three|four)[ -]?days?)(?: camping)? (?:tickets?|pass(?:es)?)\b.*$/iu;
/** "The Smyths – a tribute to The Smiths" are The Smyths. */
const TRIBUTE = /[\s(–—:-]+an?\s(?:\S+\s){0,2}tribute to .*$|\([^()]*\btribute\b[^()]*\)\s*$/iu;

const DAY =
  /[–—:(-]\s*((?:mon|tues|wednes|thurs|fri|satur|sun)day)(?: only| (?:day )?(?:tickets?|pass))?\s*\)?\s*$/iu;
const SITTING =
  /\b(early|late|first|second|1st|2nd|matin[eé]e|evening|afternoon) (?:show|performance|sitting)\b|\b(matin[eé]e)\b|[–—(:-]\s*(evening|afternoon)\)?\s*$/iu;
const SITTINGS: Readonly<Record<string, string>> = {
  ...{ early: 'first', '1st': 'first', late: 'second', '2nd': 'second' },
  ...{ matinée: 'matinee', afternoon: 'matinee' },
};
const NUMBER = /(?<![\p{L}\p{N}.:-])\d{1,3}(?![\p{L}\p{N}.:+%])/gu;
const KINDS: readonly (readonly [string, RegExp])[] = [
  ['afterparty', /\bafter[- ]?(?:party|show)\b/iu],
  ['talk', /\bin conversation\b|\bq ?& ?a\b/iu],
  ['film', /\bscreening\b/iu],
  ['lesson', /\bmaster ?class\b|\bsoundcheck\b/iu],
  ['tribute', /\btribute\b/iu],
];

const SEGMENTS = /\s*(?::\s|\s[–—-]\s|[–—|]|\bpresents?\b:?)\s*/iu;
const NAMES =
  /\s*(?::\s|\s[–—-]\s|[–—|(),;[\]@]|\s[&+/]\s|\b(?:presents?|and|with|w|featuring|feat|ft|support(?:ed by)?|plus|vs|b2b|at)\b[.:/]?)\s*/iu;

/** Takes a title apart; `house` are the words of the place, which tell no two of its events apart. */
export function readTitle(title: string, house: Words = []): Title {
  const bare = withoutTickets(title);
  const whole = bare.replace(PASS, '').replace(TRIBUTE, '').trim() || bare;
  const without = (words: Words) => {
    const rest = words.filter((word) => !house.includes(word));
    return rest.length > 0 ? rest : words;
  };
  const parts = (between: RegExp) =>
    whole
      .split(between)
      .filter((part) => part.trim() !== '')
      .map((part) => without(wordsOf(part)));
  return {
    words: without(wordsOf(whole)),
    segments: parts(SEGMENTS),
    names: parts(NAMES),
    marks: { ...marksOf(whole), ...(PASS.test(bare) ? { day: 'all' } : {}) },
  };
}

function marksOf(title: string): Marks {
  const sitting = SITTING.exec(title)?.slice(1).find(Boolean)?.toLowerCase() ?? '';
  return {
    numbers: title.match(NUMBER) ?? [],
    day: DAY.exec(title)?.[1]?.toLowerCase() ?? '',
    sitting: SITTINGS[sitting] ?? sitting,
    kind: KINDS.find(([, form]) => form.test(title))?.[0] ?? '',
  };
}

function withoutTickets(title: string): string {
  let rest = title;
  for (let before = ''; before !== rest; ) {
    before = rest;
    rest = rest.replace(AT_END, '').replace(AT_BEGIN, '');
  }
  return rest.trim() === '' ? title : rest;
}
