import { metresBetween } from './distance.ts';
import { titleWords, wordsOf } from './normalise.ts';
import { similarity } from './similarity.ts';
import type { SourceRecord } from './source-event.ts';

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
  const veto =
    title.veto ?? venue.veto ?? time.veto ?? (sameSource ? `${one.source} lists both` : undefined);
  return { points: reasons.reduce((sum, { points }) => sum + points, 0), reasons, veto };
}

interface Part {
  readonly reason: Reason;
  readonly veto?: string | undefined;
  readonly exact?: boolean;
}

/** One source lists a gig twice only as another kind of ticket: all else is the same. */
const isSameListing = (...parts: readonly Part[]) => parts.every(({ exact }) => exact === true);

function byTitle(one: Scored, other: Scored): Part {
  const words = [titleWords(one.title), titleWords(other.title)] as const;
  const titles = similarity(...words);
  const headliners = [one.artists[0], other.artists[0]];
  const acts =
    headliners[0] && headliners[1]
      ? similarity(wordsOf(headliners[0]), wordsOf(headliners[1]))
      : Math.max(actInTitle(one, words[1]), actInTitle(other, words[0]));
  const alike = Math.max(titles, acts * 0.9);
  return {
    reason: {
      about: 'title',
      points: Math.round(alike * 50),
      text:
        titles >= acts * 0.9 ? `titles ${percent(titles)} alike` : `acts ${percent(acts)} alike`,
    },
    veto: alike < 0.6 ? 'other title' : undefined,
    exact: titles === 1,
  };
}

const actInTitle = ({ artists: [headliner] }: Scored, words: readonly string[]) =>
  headliner ? similarity(wordsOf(headliner), words) : 0;

function byVenue(one: Scored, other: Scored): Part {
  if (!one.venue || !other.venue) return { reason: note('venue', 8, 'a venue is not known') };
  const [a, b] = [wordsOf(one.venue.name), wordsOf(other.venue.name)];
  const alike = similarity(withoutCity(a, one.city), withoutCity(b, other.city));
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

const withoutCity = (words: readonly string[], city: string) => {
  const rest = words.filter((word) => !wordsOf(city).includes(word));
  return rest.length > 0 ? rest : words;
};

function byTime(one: Scored, other: Scored): Part {
  const hours = Math.min(
    ...startsOf(one).flatMap((a) => startsOf(other).map((b) => Math.abs(a - b) / HOUR_MS)),
  );
  if (!one.hasTime || !other.hasTime) {
    // The moment is the beginning of the day, which a night may outlast by six hours.
    const sameDay = hours <= 30;
    return {
      reason: note('time', sameDay ? 12 : 0, 'an hour is not known'),
      veto: sameDay ? undefined : 'another day',
    };
  }
  const points = hours === 0 ? 20 : hours <= 1 ? 17 : hours <= 2 ? 12 : 6;
  return {
    reason: note('time', hours > 3 ? 0 : points, `${Math.round(hours * 60)} min apart`),
    veto: hours > 3 ? 'another time' : undefined,
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
