import { type Wish, wish } from '@whatsthecraic/platform/directory/matches';
import { addGenreCondition } from '@whatsthecraic/platform/directory/search';
import { addFreeCondition, type Span } from '@whatsthecraic/platform/directory/windows';
import type { Rates } from '../domain/euro.ts';
import { addFeeCondition } from './dj-list.ts';
import { subject } from './subject.ts';

export interface DjWishes {
  readonly city?: string | undefined;
  readonly feeMax?: number | undefined;
  readonly free?: Span | undefined;
}

export type DjWish = 'genres' | 'free' | 'fee' | 'city';

/** What a night wants of its DJ, the easiest to do without first. */
export function djWishes(
  { city, feeMax, free }: DjWishes,
  genreIds: readonly number[] | undefined,
  rates: Rates,
): Wish<DjWish>[] {
  const wishes: Wish<DjWish>[] = [];
  const add = (what: DjWish, condition: Parameters<typeof wish>[1]) =>
    wishes.push(wish(what, condition));
  if (genreIds) add('genres', (where) => addGenreCondition(where, subject, 'd', genreIds));
  if (free) add('free', (where) => addFreeCondition(where, subject, 'd', free));
  if (feeMax !== undefined) add('fee', (where) => addFeeCondition(where, { feeMax }, rates));
  if (city !== undefined) add('city', (where) => where.add('d.city = ?', city));
  return wishes;
}
