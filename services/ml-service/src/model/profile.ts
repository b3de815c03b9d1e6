import type { Choices } from './facts.ts';
import { chosenFeatures, type Vocabulary } from './features.ts';
import type { Item } from './item.ts';

/** One or two actions are no certainty: they count as a share of this many more. */
export const DOUBT = 1.5;
/** How much is known of somebody, from nothing at 0 to all there is to know, which nobody reaches, at 1. */
export const sureness = (likes: number, choices: number) => {
  const known = Math.max(0, likes) + choices;
  return known / (DOUBT + known);
};
export const TASTE_HALF_LIFE_MS = 240 * 86_400_000;

/** What a person's own actions say, as weights of features. */
export interface Profile {
  readonly liked: Map<number, number>;
  readonly disliked: Map<number, number>;
  readonly chosen: Set<number>;
  /** The sums of the strengths behind the two. */
  likes: number;
  dislikes: number;
}

export interface Done {
  readonly item: Item;
  /** As `strengthOf` says, positive or negative. */
  readonly strength: number;
  readonly at: number;
}

export function profileOf(
  done: Iterable<Done>,
  choices: Choices | undefined,
  vocabulary: Vocabulary,
  now: number,
): Profile {
  const profile = emptyProfile();
  for (const { item, strength, at } of done) addTo(profile, item, faded(strength, at, now));
  for (const feature of choices ? chosenFeatures(choices) : []) {
    const number = vocabulary.find(feature);
    if (number !== undefined) profile.chosen.add(number);
  }
  return profile;
}

export const emptyProfile = (): Profile => ({
  liked: new Map(),
  disliked: new Map(),
  chosen: new Set(),
  likes: 0,
  dislikes: 0,
});

export const faded = (strength: number, at: number, now: number) =>
  strength * 2 ** (-Math.max(0, now - at) / TASTE_HALF_LIFE_MS);

function addTo(profile: Profile, { features, weights }: Item, strength: number): void {
  const side = strength > 0 ? profile.liked : profile.disliked;
  const size = Math.abs(strength);
  for (let i = 0; i < features.length; i++) {
    const feature = features[i] as number;
    side.set(feature, (side.get(feature) ?? 0) + size * (weights[i] as number));
  }
  if (strength > 0) profile.likes += size;
  else profile.dislikes += size;
}
