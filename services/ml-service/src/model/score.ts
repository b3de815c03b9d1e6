import type { Item } from './item.ts';
import type { Items } from './items.ts';
import type { Model } from './model.ts';
import { DOUBT, type Profile, sureness } from './profile.ts';

/** A person in the model's terms, made once for a request and used for all its candidates. */
export interface Person {
  /** By feature: what its being there adds to an event's score. */
  readonly worth: Float32Array;
  /** How much of what pleases everybody counts. */
  readonly sure: number;
}

/**
 * A score is a sum over an event's features, so that a person's worth of each feature is all there is
 * to know, and what a feature adds is the reason itself and no guess about it. What a feature does for
 * everybody (its bias) was learned from people of whom much is known, and counts for others by as much as
 * is known of them: to somebody quite unknown the list is what is popular. Whoever makes many, one after
 * the other, gives an array to write each into.
 */
export function personOf(
  model: Model,
  profile: Profile,
  worth: Float32Array = new Float32Array(model.vocabulary.size),
): Person {
  const { dimensions, item, bias, vocabulary } = model;
  const vector = vectorOf(model, profile);
  const sure = sureness(profile.likes, profile.chosen.size);
  for (let feature = 0; feature < vocabulary.size; feature++) {
    let sum = sure * (bias[feature] as number);
    const row = feature * dimensions;
    for (let d = 0; d < dimensions; d++) sum += (vector[d] as number) * (item[row + d] as number);
    worth[feature] = sum;
  }
  const add = (map: Map<number, number>, weights: Float32Array, total: number, sign: number) => {
    for (const [feature, weight] of map) {
      const type = vocabulary.types[feature] as number;
      worth[feature] =
        (worth[feature] as number) + (sign * (weights[type] as number) * weight) / (DOUBT + total);
    }
  };
  add(profile.liked, model.liked, profile.likes, 1);
  add(profile.disliked, model.disliked, profile.dislikes, -1);
  for (const feature of profile.chosen) {
    const type = vocabulary.types[feature] as number;
    worth[feature] = (worth[feature] as number) + (model.chosen[type] as number);
  }
  return { worth, sure };
}

/** Where a person stands among tastes: the sum of what each liked or chosen feature says. */
export function vectorOf(model: Model, profile: Profile): Float32Array {
  const { dimensions, taste } = model;
  const vector = new Float32Array(dimensions);
  const add = (feature: number, share: number) => {
    const row = feature * dimensions;
    for (let d = 0; d < dimensions; d++) {
      vector[d] = (vector[d] as number) + share * (taste[row + d] as number);
    }
  };
  const total = DOUBT + profile.likes;
  for (const [feature, weight] of profile.liked) add(feature, weight / total);
  for (const feature of profile.chosen) add(feature, 1 / (DOUBT + profile.chosen.size));
  return vector;
}

/** What all features of an event are worth to a person, and what it is worth to everyone. */
export const scoreOf = (
  { common }: Model,
  { worth }: Person,
  { features, weights }: Item,
  heat: number,
  near: number,
): number =>
  sumOf(worth, features, weights, 0, features.length) +
  (common[0] as number) * heat +
  (common[1] as number) * near;

/** Of event `i` among many, what all its features are worth. */
export const worthOf = ({ worth }: Person, { first, features, weights }: Items, i: number) =>
  sumOf(worth, features, weights, first[i] as number, first[i + 1] as number);

function sumOf(
  worth: Float32Array,
  features: Int32Array,
  weights: Float32Array,
  from: number,
  to: number,
): number {
  let sum = 0;
  for (let k = from; k < to; k++) {
    sum += (weights[k] as number) * (worth[features[k] as number] as number);
  }
  return sum;
}
