import type { Plan, Reason } from '../contract/plans.ts';
import type { Venue } from '../store/venue-row.ts';
import type { Dj } from './directories.ts';

type Wish = Reason['wish'];
type Entry = Pick<Dj, 'city' | 'genres'>;

/** Why a DJ is proposed: each wish of the plan, and how the DJ stands to it. */
export function djReasons(plan: Plan, dj: Dj, lacks: Wish | null): Reason[] {
  const reasons = commonReasons(plan, dj, lacks);
  if (plan.budgetMax === null) return reasons;
  const fee = dj.feeInEuro ? `asks ${euros(dj.feeInEuro.amount)}` : 'the fee is not known';
  const text = `${fee}; the budget is ${euros(plan.budgetMax)}`;
  return [...reasons, { wish: 'fee', met: lacks !== 'fee', text }];
}

/** The same of a venue. */
export function venueReasons(plan: Plan, venue: Venue, lacks: Wish | null): Reason[] {
  const reasons = commonReasons(plan, venue, lacks);
  if (plan.capacity === null) return reasons;
  const room = venue.capacity === null ? 'the size is not known' : `room for ${venue.capacity}`;
  const text = `${room}; ${plan.capacity} are expected`;
  return [...reasons, { wish: 'capacity', met: lacks !== 'capacity', text }];
}

function commonReasons(plan: Plan, entry: Entry, lacks: Wish | null): Reason[] {
  const reasons: Reason[] = [];
  const add = (wish: Wish, met: string, unmet: string) =>
    reasons.push({ wish, met: lacks !== wish, text: lacks === wish ? unmet : met });
  if (plan.city !== null) {
    add('city', `in ${entry.city}`, `in ${entry.city} and not in ${plan.city}`);
  }
  if (plan.genres.length > 0) {
    const known = entry.genres.join(', ') || 'no genre that is known';
    add('genres', sharedOf(plan, entry) || known, `${known}; wanted: ${plan.genres.join(', ')}`);
  }
  if (plan.startsAt !== null) {
    add(
      'free',
      'offered for all of the time, and not booked',
      'not offered, or booked, at the time',
    );
  }
  return reasons;
}

/** Nothing where a genre is met by one that belongs to it: techno is electronic. */
const sharedOf = (plan: Plan, { genres }: Entry) =>
  genres.filter((genre) => plan.genres.includes(genre)).join(', ');

export const euros = (amount: number) =>
  new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' }).format(amount);
