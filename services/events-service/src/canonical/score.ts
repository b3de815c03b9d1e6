import { metresBetween } from './distance.ts';
import { housesAlike, houseWords } from './house.ts';
import { wordsOf } from './normalise.ts';
import { nightsOf } from './parts.ts';
import type { SourceRecord } from './source-event.ts';
import { readTitle, type Title } from './title.ts';
import { isName, isNamedIn, otherPart, titlesAlike } from './titles-alike.ts';

export interface Reason {
  readonly about: 'title' | 'venue' | 'place' | 'time' | 'source';
  readonly points: number;
  readonly text: string;
}

/** How sure it is that two rows mean one event: 100 at most. */
export interface Score {
  readonly points: number;
  readonly reasons: readonly Reason[];
  /** Why they cannot be one, whatever else speaks for it. */
  readonly veto: string | undefined;
  /** Only their days or hours bar them: one may have been moved, and the other not know it. */
  readonly isOfTime: boolean;
}

/** From here on two rows are one event. */
export const ENOUGH = 65;

const HOUR_MS = 3_600_000;
const FARTHEST_M = 500;

type Scored = Omit<SourceRecord, 'id' | 'eventId' | 'isGone'>;

/** Compares two rows by title, venue, place and time; each part says what it found. */
export function score(one: Scored, other: Scored): Score {
  const title = byTitle(one, other);
  const venue = byVenue(one, other);
  const time = byTime(one, other);
  const reasons = [title, venue, time].map(({ reason }) => reason);
  const sameSource = one.source === other.source && !isSameListing(title, venue, time);
  const lasting = title.veto ?? venue.veto ?? (sameSource ? `${one.source} lists both` : undefined);
  return {
    points: reasons.reduce((sum, { points }) => sum + points, 0),
    reasons,
    veto: lasting ?? time.veto,
    isOfTime: lasting === undefined && time.veto !== undefined,
  };
}

interface Part {
  readonly reason: Reason;
  readonly veto?: string | undefined;
  readonly exact?: boolean;
}

/** One source lists a gig twice only as another kind of ticket: all else is the same. */
const isSameListing = (...parts: readonly Part[]) => parts.every(({ exact }) => exact === true);

function byTitle(one: Scored, other: Scored): Part {
  const [a, b] = [read(one), read(other)];
  const isAct = (name: readonly string[]) =>
    [...a.acts, ...b.acts].some(({ words }) => isName(name, words));
  const titles = titlesAlike(a.title, b.title, isAct);
  const acts = sharesAct(a, b);
  const alike = Math.max(titles, acts ? 0.9 : 0);
  const isOneGig = [...a.acts, ...b.acts].some(
    ({ words }) => isNamedIn(words, a.title) && isNamedIn(words, b.title),
  );
  const otherActs = a.acts.length > 0 && b.acts.length > 0 && !acts && titles < 0.9;
  return {
    reason: note(
      'title',
      Math.round(alike * 50),
      acts && titles < 0.9 ? 'an act of both' : `titles ${percent(titles)} alike`,
    ),
    veto:
      otherPart(a.title, b.title, isOneGig) ??
      (otherActs ? 'other acts' : alike < 0.6 ? 'other title' : undefined),
    exact: titles === 1 || isSameBill(a, b),
  };
}

/** Whether one's headliner plays in the other, or is named by its title. */
function sharesAct(one: Read, other: Read): boolean {
  const plays = ({ acts: [first] }: Read, { acts, title }: Read) =>
    first !== undefined &&
    (isNamedIn(first.words, title) ||
      acts.some((act) => isNamedIn(first.words, act) || isNamedIn(act.words, first)));
  return plays(one, other) || plays(other, one);
}

/** A source that is asked about each artist lists a gig of three under each of them. */
function isSameBill({ acts: one }: Read, { acts: other }: Read): boolean {
  const has = (acts: readonly Title[], { words }: Title) =>
    acts.some((act) => isName(act.words, words));
  return (
    one.length > 1 &&
    one.length === other.length &&
    one.every((act) => has(other, act)) &&
    other.every((act) => has(one, act))
  );
}

interface Read {
  readonly title: Title;
  readonly acts: readonly Title[];
  readonly house: readonly string[];
}

const known = new WeakMap<Scored, Read>();

/** Takes a row's names apart, once for all rows that it is compared with. */
function read(row: Scored): Read {
  const before = known.get(row);
  if (before) return before;
  const house = row.venue ? houseWords(row.venue.name, row.city) : [];
  const place = [...house, ...(row.venue ? wordsOf(row.venue.name) : []), ...wordsOf(row.city)];
  const found = {
    title: readTitle(row.title, place),
    acts: row.artists.map((name) => readTitle(name)),
    house,
  };
  known.set(row, found);
  return found;
}

function byVenue(one: Scored, other: Scored): Part {
  if (one.city !== other.city) {
    return { reason: note('place', 0, `${one.city}, ${other.city}`), veto: 'another city' };
  }
  if (!one.venue || !other.venue) return { reason: note('venue', 8, 'a venue is not known') };
  const alike = housesAlike(read(one).house, read(other).house);
  const { position } = one.venue;
  const metres = position && other.venue.position && metresBetween(position, other.venue.position);
  if (metres !== null && metres > FARTHEST_M && alike < 1) {
    return {
      reason: note('place', 0, `${Math.round(metres)} m apart`),
      veto: 'another place',
    };
  }
  if (alike >= 0.6) {
    const text = `venues ${percent(alike)} alike`;
    return { reason: note('venue', Math.round(alike * 30), text), exact: alike === 1 };
  }
  if (metres !== null && metres <= 60) {
    return { reason: note('place', 20, `${Math.round(metres)} m apart`) };
  }
  return { reason: note('venue', 0, 'venues of other names'), veto: 'another venue' };
}

function byTime(one: Scored, other: Scored): Part {
  const hours = Math.min(
    ...startsOf(one).flatMap((a) => startsOf(other).map((b) => Math.abs(a - b) / HOUR_MS)),
  );
  if (!one.hasTime || !other.hasTime) {
    const sameDay = nightsOf(one).some((night) => nightsOf(other).includes(night));
    return {
      reason: note('time', sameDay ? 12 : 0, 'an hour is not known'),
      veto: sameDay ? undefined : 'another day',
    };
  }
  const points = hours === 0 ? 20 : hours <= 1 ? 17 : 12;
  // Doors open an hour or so before a show; two shows a night begin two hours apart or more.
  const isOther = hours >= 2;
  return {
    reason: note('time', isOther ? 0 : points, `${Math.round(hours * 60)} min apart`),
    veto: isOther ? 'another time' : undefined,
    exact: hours === 0,
  };
}

const startsOf = ({ startsAt, formerStartsAt }: Scored) =>
  [startsAt, formerStartsAt].flatMap((time) => (time ? [time.getTime()] : []));

const note = (about: Reason['about'], points: number, text: string): Reason => ({
  about,
  points,
  text,
});
const percent = (share: number) => `${Math.round(share * 100)} %`;
