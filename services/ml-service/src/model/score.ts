import type { Item } from './item.ts';
import type { Model } from './model.ts';
import { DOUBT, type Profile } from './profile.ts';

/** A person in the model's terms, made once for a request and used for all its candidates. */
export interface Person {
  /** By feature: what its being there adds to an event's score. */
  readonly worth: Float32Array;
}

/**
 * A score is a sum over an event's features, so that a person's worth of each feature is all there is
 * to know, and what a feature adds is the reason itself and no guess about it.
 */
export function personOf(model: Model, profile: Profile): Person {
  const { dimensions, item, bias, vocabulary } = model;
  const vector = vectorOf(model, profile);
  const worth = new Float32Array(vocabulary.size);
  for (let feature = 0; feature < vocabulary.size; feature++) {
    let sum = bias[feature] as number;
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
  return { worth };
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
export function scoreOf(
  model: Model,
  { worth }: Person,
  { features, weights }: Item,
  heat: number,
  near: number,
): number {
  let sum = (model.common[0] as number) * heat + (model.common[1] as number) * near;
  for (let i = 0; i < features.length; i++) {
    sum += (weights[i] as number) * (worth[features[i] as number] as number);
  }
  return sum;
}
