import { fold } from '../model/facts.ts';
import type { FeatureType } from '../model/features.ts';
import type { Item } from '../model/item.ts';
import type { Model } from '../model/model.ts';
import type { Profile } from '../model/profile.ts';
import type { Person } from '../model/score.ts';
import type { CanonicalEvent } from '../store/canonical.ts';

/** Why a feature counts: it was liked before, was chosen, or goes with such tastes. */
export type Because = 'liked' | 'chosen' | 'taste';

export type Reason =
  | { readonly type: FeatureType; readonly name: string; readonly because: Because }
  | { readonly type: 'saves'; readonly count: number }
  | { readonly type: 'soon'; readonly days: number }
  | { readonly type: 'new' };

/** Below this a feature did not carry anything. */
const LEAST = 0.05;

/**
 * The features that carried an event's score for this person and not for everybody: each adds
 * something by itself, and more than it would to somebody of whom nothing is known. The first is the
 * one without which the event would fall furthest.
 */
export function featureReasons(
  event: CanonicalEvent,
  item: Item,
  person: Person,
  profile: Profile,
  { vocabulary, bias }: Model,
): Reason[] {
  const carried: { number: number; size: number }[] = [];
  for (let i = 0; i < item.features.length; i++) {
    const number = item.features[i] as number;
    const weight = item.weights[i] ?? 0;
    const worth = weight * (person.worth[number] ?? 0);
    const personal = worth - weight * person.sure * (bias[number] ?? 0);
    const size = Math.min(worth, personal);
    if (size >= LEAST) carried.push({ number, size });
  }
  return carried
    .sort((a, b) => b.size - a.size)
    .slice(0, 3)
    .flatMap(({ number }) => {
      const feature = vocabulary.features[number];
      if (!feature) return [];
      const because = profile.chosen.has(number)
        ? 'chosen'
        : profile.liked.has(number)
          ? 'liked'
          : 'taste';
      return [{ type: feature.type, name: nameOf(event, feature.key), because }];
    });
}

/** As the event spells it. */
function nameOf(event: CanonicalEvent, key: string): string {
  const spelled = [...event.artists, ...event.genres, ...event.families, event.venue, event.city];
  // Most names have nothing to fold, which costs ten times as much.
  const found =
    spelled.find((it) => it?.toLowerCase() === key) ?? spelled.find((it) => it && fold(it) === key);
  return found ?? key.charAt(0).toUpperCase() + key.slice(1);
}

/** One sentence that a person reads; it claims no more than the reason does. */
export function sentenceOf(reason: Reason): string {
  switch (reason.type) {
    case 'saves':
      return reason.count === 1 ? 'One person saved it' : `${reason.count} people saved it`;
    case 'soon':
      return reason.days === 0
        ? 'It is today'
        : `It is in ${reason.days} days`.replace('1 days', '1 day');
    case 'new':
      return 'It is new here';
    default:
      return because(reason.because, reason.type, reason.name);
  }
}

function because(why: Because, type: FeatureType, name: string): string {
  if (why === 'chosen') return `You chose ${name}`;
  const what = {
    artist: name,
    genre: name,
    family: name,
    venue: `gigs at ${name}`,
    city: `gigs in ${name}`,
    day: `gigs on a ${name}`,
    price: `gigs that cost ${name.toLowerCase()}${name === 'Free' ? '' : ' €'}`.replace(
      'cost free',
      'are free',
    ),
  }[type];
  return why === 'liked' ? `You liked ${what} before` : `People of your taste like ${what}`;
}
