import type { EventFacts } from './facts.ts';
import type { Vocabulary } from './features.ts';
import { type Item, itemOf } from './item.ts';

/** Many events as numbers, one behind the other: those of event `i` are from `first[i]` to `first[i + 1]`. */
export interface Items {
  readonly first: Int32Array;
  readonly features: Int32Array;
  readonly weights: Float32Array;
}

/** `grow` while a model is made, as `itemOf` has it. */
export function itemsOf(
  events: readonly EventFacts[],
  vocabulary: Vocabulary,
  grow = false,
): Items {
  const steps = itemsInSteps(events, vocabulary, grow);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

const STEP = 200;

/** The same some at a time, for whoever has to answer others meanwhile. */
export function* itemsInSteps(
  events: readonly EventFacts[],
  vocabulary: Vocabulary,
  grow = false,
): Generator<undefined, Items> {
  const first = new Int32Array(events.length + 1);
  const features: number[] = [];
  const weights: number[] = [];
  for (const [i, event] of events.entries()) {
    const item = itemOf(event, vocabulary, grow);
    features.push(...item.features);
    weights.push(...item.weights);
    first[i + 1] = features.length;
    if (i % STEP === STEP - 1) yield;
  }
  return { first, features: Int32Array.from(features), weights: Float32Array.from(weights) };
}

/** One of them, without a copy. */
export const itemAt = ({ first, features, weights }: Items, i: number): Item => ({
  features: features.subarray(first[i], first[i + 1]),
  weights: weights.subarray(first[i], first[i + 1]),
});
