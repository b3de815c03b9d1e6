import type { EventFacts } from './facts.ts';
import { featuresOf, type Vocabulary } from './features.ts';

/** An event as numbers: the features that the model knows, and what else counts. */
export interface Item {
  readonly features: Int32Array;
  readonly weights: Float32Array;
}

/** `grow` while a model is made; afterwards an unknown artist is simply not there. */
export function itemOf(event: EventFacts, vocabulary: Vocabulary, grow = false): Item {
  const features: number[] = [];
  const weights: number[] = [];
  for (const { feature, weight } of featuresOf(event)) {
    const number = grow ? vocabulary.add(feature) : vocabulary.find(feature);
    if (number === undefined) continue;
    features.push(number);
    weights.push(weight);
  }
  return { features: Int32Array.from(features), weights: Float32Array.from(weights) };
}
