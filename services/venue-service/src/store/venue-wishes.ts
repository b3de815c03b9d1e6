import { type Wish, wish } from '@whatsthecraic/platform/directory/matches';
import { addGenreCondition } from '@whatsthecraic/platform/directory/search';
import { addFreeCondition, type Span } from '@whatsthecraic/platform/directory/windows';
import { subject } from './subject.ts';

export interface VenueWishes {
  readonly city?: string | undefined;
  readonly capacityMin?: number | undefined;
  readonly free?: Span | undefined;
}

export type VenueWish = 'genres' | 'free' | 'capacity' | 'city';

/** What a night wants of its venue, the easiest to do without first. */
export function venueWishes(
  { city, capacityMin, free }: VenueWishes,
  genreIds: readonly number[] | undefined,
): Wish<VenueWish>[] {
  const wishes: Wish<VenueWish>[] = [];
  const add = (what: VenueWish, condition: Parameters<typeof wish>[1]) =>
    wishes.push(wish(what, condition));
  if (genreIds) add('genres', (where) => addGenreCondition(where, subject, 'v', genreIds));
  if (free) add('free', (where) => addFreeCondition(where, subject, 'v', free));
  if (capacityMin !== undefined) {
    add('capacity', (where) => where.add('v.capacity >= ?', capacityMin));
  }
  if (city !== undefined) add('city', (where) => where.add('v.city = ?', city));
  return wishes;
}
