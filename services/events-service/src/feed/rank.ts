import { nightOf } from '../domain/venue-time.ts';
import { type Because, type Profile, WEEKDAYS, type Weekday } from './profile.ts';

/** What ranking may know of an event. */
export interface Candidate {
  readonly id: number;
  readonly startsAt: Date;
  readonly city: string;
  /** Keys; see `placeKey` and `artistSlug`. */
  readonly cityKey: string;
  readonly venue: { readonly key: string; readonly name: string } | null;
  readonly artists: readonly { readonly key: string; readonly name: string }[];
  readonly genres: readonly { readonly id: number; readonly name: string }[];
  /** Of the cheapest ticket, in cents; null when it is not known. */
  readonly price: number | null;
}

export interface Reason {
  readonly type: 'artist' | 'venue' | 'genre' | 'city' | 'night' | 'budget' | 'recommended';
  readonly name: string;
  readonly because: Because | 'learned';
}

export interface Line {
  readonly id: number;
  readonly score: number;
  readonly reasons: readonly Reason[];
}

/** What ml-service says of an event: how much, and why. */
export interface Learned {
  readonly score: number;
  readonly reason: string | null;
}

/** Points that a thing adds, by where it is known from. */
const WEIGHTS = {
  artist: { followed: 6, chosen: 5, saved: 3, listened: 4 },
  venue: { followed: 4, chosen: 4, saved: 2, listened: 0 },
  genre: { followed: 3, chosen: 3, saved: 2, listened: 2 },
} as const satisfies Record<string, Record<Because, number>>;

/** However many of a kind an event has, they add no more than this: ten genres are no ten wishes. */
const MOST = { artist: 10, venue: 4, genre: 6 } as const;
const CITY = 2;
const NIGHT = 1;
const WITHIN_BUDGET = 1;
const ABOVE_BUDGET = -2;
/** What a model that has learned from many adds at most: as much as a followed artist. */
const LEARNED = 6;
const SOON_DAYS = 30;
const DAY_MS = 86_400_000;
const MOST_REASONS = 4;

interface Points {
  readonly points: number;
  readonly reason: Reason;
}

/**
 * Scores every candidate and sorts them, the best first, before any page is cut. A reason stands only
 * for what has added to the score. Pure: the same candidates, profile and moment are the same list.
 */
export function rankFeed(
  candidates: readonly Candidate[],
  profile: Profile,
  learned: ReadonlyMap<number, Learned>,
  now: Date,
): Line[] {
  const lines = candidates.map((event) => ({
    line: lineOf(event, profile, learned.get(event.id), now),
    startsAt: event.startsAt.getTime(),
  }));
  return lines
    .sort((a, b) => b.line.score - a.line.score || a.startsAt - b.startsAt || a.line.id - b.line.id)
    .map(({ line }) => line);
}

function lineOf(event: Candidate, profile: Profile, learned: Learned | undefined, now: Date): Line {
  const found = [
    ...limited('artist', event.artists, ({ key }) => profile.artists.get(key)),
    ...limited('venue', event.venue ? [event.venue] : [], ({ key }) => profile.venues.get(key)),
    ...limited('genre', event.genres, ({ id }) => profile.genres.get(id)),
    ...placeAndTime(event, profile),
    ...(learned && learned.score > 0 ? [recommended(learned)] : []),
  ];
  const above = isAbove(event, profile) ? ABOVE_BUDGET : 0;
  const raw = found.reduce((sum, { points }) => sum + points, above) + soon(event, now);
  return {
    id: event.id,
    score: Math.round(Math.max(0, 1 - Math.exp(-raw / 6)) * 1000) / 1000,
    reasons: found
      .filter(({ points, reason }) => points > 0 && reason.name !== '')
      .sort((a, b) => b.points - a.points)
      .slice(0, MOST_REASONS)
      .map(({ reason }) => reason),
  };
}

/** The things of an event that a person likes, the most telling first, until the most is reached. */
function limited<T extends { readonly name: string }>(
  type: keyof typeof MOST,
  things: readonly T[],
  why: (thing: T) => Because | undefined,
): Points[] {
  let left: number = MOST[type];
  return things
    .flatMap(({ name }, index) => {
      const because = why(things[index] as T);
      return because ? [{ name, because, weight: WEIGHTS[type][because] }] : [];
    })
    .sort((a, b) => b.weight - a.weight)
    .flatMap(({ name, because, weight }) => {
      const points = Math.min(weight, left);
      left -= points;
      return points > 0 ? [{ points, reason: { type, name, because } }] : [];
    });
}

function placeAndTime(event: Candidate, profile: Profile): Points[] {
  const night = weekdayOf(event.startsAt);
  const { budget } = profile;
  const chosen = (type: Reason['type'], name: string, points: number): Points => ({
    points,
    reason: { type, name, because: 'chosen' },
  });
  return [
    ...(profile.cities.has(event.cityKey) ? [chosen('city', event.city, CITY)] : []),
    ...(profile.nights.has(night) ? [chosen('night', night, NIGHT)] : []),
    ...(budget !== null && event.price !== null && event.price <= budget
      ? [chosen('budget', `${event.price / 100} €`, WITHIN_BUDGET)]
      : []),
  ];
}

const isAbove = ({ price }: Candidate, { budget }: Profile) =>
  budget !== null && price !== null && price > budget;

const recommended = ({ score, reason }: Learned): Points => ({
  points: LEARNED * Math.min(1, score),
  reason: { type: 'recommended', name: reason ?? '', because: 'learned' },
});

/** Of two that are liked alike the sooner one comes first. */
const soon = ({ startsAt }: Candidate, now: Date) =>
  Math.max(0, 1 - (startsAt.getTime() - now.getTime()) / (SOON_DAYS * DAY_MS));

/** The weekday of the night that a moment belongs to, in Ireland: half past midnight is the day before. */
export const weekdayOf = (moment: Date): Weekday =>
  WEEKDAYS[new Date(`${nightOf(moment, true)}T00:00:00Z`).getUTCDay()] ?? 'sun';
