import type { Dataset } from './dataset.ts';
import type { Item } from './item.ts';
import type { LiveEvents } from './live.ts';
import { believed, COMMON_BELIEFS, type Model } from './model.ts';
import { nearness } from './popularity.ts';
import { DOUBT, faded, type Profile, profileOf } from './profile.ts';

const TRIES = 8;
const MARGIN = 1;
/** How strongly vectors are drawn to zero, and weights to what is believed. */
const DECAY = 0.01;
const BELIEF_PULL = 0.0005;
const WEIGHT_RATE = 0.02;

/**
 * One person at a time, by WARP (Weston et al. 2011): for each thing liked, what else was on is drawn
 * until something scores as high; the sooner that is found, the worse the ranking and the larger the
 * step. The liked event itself is left out of the person meanwhile, or it would explain itself.
 */
export class Trainer {
  readonly #data: Dataset;
  readonly #model: Model;
  readonly #live: LiveEvents;
  readonly #random: () => number;
  /** AdaGrad's sums, one per row. */
  readonly #itemSquares: Float32Array;
  readonly #tasteSquares: Float32Array;
  readonly #biasSquares: Float32Array;
  readonly #beliefs = ['liked', 'disliked', 'chosen'] as const;
  readonly #priors: readonly Float32Array[];
  #rate = 0;

  // The person at hand, by feature, and their events.
  readonly #likes: Float32Array;
  readonly #dislikes: Float32Array;
  readonly #choices: Float32Array;
  readonly #seen: Uint8Array;
  readonly #vector: Float32Array;
  readonly #push: Float32Array;
  readonly #a: Float32Array;
  readonly #b: Float32Array;

  constructor(data: Dataset, model: Model, live: LiveEvents, random: () => number) {
    this.#data = data;
    this.#model = model;
    this.#live = live;
    this.#random = random;
    const features = data.vocabulary.size;
    this.#itemSquares = new Float32Array(features).fill(1);
    this.#tasteSquares = new Float32Array(features).fill(1);
    this.#biasSquares = new Float32Array(features).fill(1);
    this.#priors = this.#beliefs.map(believed);
    this.#likes = new Float32Array(features);
    this.#dislikes = new Float32Array(features);
    this.#choices = new Float32Array(features);
    this.#seen = new Uint8Array(data.items.length);
    this.#vector = new Float32Array(model.dimensions);
    this.#push = new Float32Array(model.dimensions);
    this.#a = new Float32Array(model.dimensions);
    this.#b = new Float32Array(model.dimensions);
  }

  beginEpoch(rate: number): void {
    this.#rate = rate;
  }

  learn(person: number): void {
    const { first, event, strength, at, items, choices, vocabulary, end } = this.#data;
    const from = first[person] as number;
    const to = first[person + 1] as number;
    if (from === to) return;
    const done = [];
    for (let row = from; row < to; row++) {
      const own = event[row] as number;
      this.#seen[own] = 1;
      done.push({
        item: items[own] as Item,
        strength: strength[row] as number,
        at: at[row] as number,
      });
    }
    const profile = profileOf(done, choices[person], vocabulary, end);
    this.#take(profile);
    const raw = this.#rawVector(profile);
    this.#push.fill(0);
    for (let row = from; row < to; row++) {
      const size = strength[row] as number;
      if (size > 0) this.#learnLiked(row, profile, raw);
      else if (size < -0.5) this.#learnDisliked(row, from, to, profile, raw);
    }
    this.#pushTastes(profile);
    this.#forget(profile);
    for (let row = from; row < to; row++) this.#seen[event[row] as number] = 0;
  }

  #learnLiked(row: number, profile: Profile, raw: Float32Array): void {
    const { event, strength, at, items, end } = this.#data;
    const liked = event[row] as number;
    const when = at[row] as number;
    const own = faded(strength[row] as number, when, end);
    const total = this.#without(items[liked] as Item, own, profile, raw);
    const score = this.#score(liked, when, total, profile.dislikes, this.#a);
    const live = this.#live.count(when);
    for (let tried = 1; tried <= TRIES; tried++) {
      const other = this.#live.draw(when, this.#random);
      if (other === undefined || this.#seen[other] === 1) continue;
      const lead = score - this.#score(other, when, total, profile.dislikes, this.#b);
      if (lead >= MARGIN) continue;
      const rank = Math.log1p(live / tried) / Math.log1p(live);
      this.#step(liked, other, when, (strength[row] as number) * rank, total, profile);
      break;
    }
    this.#restore(items[liked] as Item, own);
  }

  /** What a person put away, against something that the same person liked. */
  #learnDisliked(row: number, from: number, to: number, profile: Profile, raw: Float32Array): void {
    const { event, strength, at, items } = this.#data;
    const chosen = from + Math.floor(this.#random() * (to - from));
    if ((strength[chosen] as number) <= 0) return;
    const disliked = event[row] as number;
    const liked = event[chosen] as number;
    const when = at[row] as number;
    const total = this.#without(items[liked] as Item, 0, profile, raw);
    const lead =
      this.#score(liked, when, total, profile.dislikes, this.#a) -
      this.#score(disliked, when, total, profile.dislikes, this.#b);
    if (lead < MARGIN) this.#step(liked, disliked, when, 0.5, total, profile);
  }

  #step(
    better: number,
    worse: number,
    when: number,
    size: number,
    total: number,
    { dislikes }: Profile,
  ): void {
    const { items, popularity, events } = this.#data;
    const { dimensions, common, liked, disliked, chosen } = this.#model;
    const step = this.#rate * size;
    for (let d = 0; d < dimensions; d++) {
      this.#push[d] =
        (this.#push[d] as number) +
        (size * ((this.#a[d] as number) - (this.#b[d] as number))) / total;
    }
    const slow = WEIGHT_RATE * step;
    for (const [event, sign] of [
      [better, 1],
      [worse, -1],
    ] as const) {
      const { features, weights } = items[event] as Item;
      for (let i = 0; i < features.length; i++) {
        const feature = features[i] as number;
        const weight = weights[i] as number;
        const type = this.#data.vocabulary.types[feature] as number;
        this.#moveItem(feature, sign * size * weight);
        const change = sign * slow * weight;
        liked[type] = (liked[type] as number) + (change * (this.#likes[feature] as number)) / total;
        disliked[type] =
          (disliked[type] as number) -
          (change * (this.#dislikes[feature] as number)) / (DOUBT + dislikes);
        chosen[type] = (chosen[type] as number) + change * (this.#choices[feature] as number);
      }
    }
    const { startsAt: nearer = 0 } = events[better] ?? {};
    const { startsAt: further = 0 } = events[worse] ?? {};
    const hotter = popularity.of(better, when) - popularity.of(worse, when);
    common[0] = (common[0] as number) + slow * hotter;
    common[1] = (common[1] as number) + slow * (nearness(nearer, when) - nearness(further, when));
    this.#pullToBeliefs(step);
  }

  #moveItem(feature: number, gradient: number): void {
    const { dimensions, item, bias } = this.#model;
    const row = feature * dimensions;
    let length = 0;
    for (let d = 0; d < dimensions; d++) length += (this.#vector[d] as number) ** 2;
    const squares =
      (this.#itemSquares[feature] as number) + (gradient * gradient * length) / dimensions;
    this.#itemSquares[feature] = squares;
    const step = this.#rate / Math.sqrt(squares);
    for (let d = 0; d < dimensions; d++) {
      const old = item[row + d] as number;
      item[row + d] = old + step * (gradient * (this.#vector[d] as number) - DECAY * old);
    }
    const biasSquares = (this.#biasSquares[feature] as number) + gradient * gradient;
    this.#biasSquares[feature] = biasSquares;
    const old = bias[feature] as number;
    bias[feature] = old + (this.#rate / Math.sqrt(biasSquares)) * (gradient - DECAY * old);
  }

  /** All steps of a person move the same tastes, so they are moved once, together. */
  #pushTastes({ liked, chosen }: Profile): void {
    const { dimensions, taste } = this.#model;
    let length = 0;
    for (let d = 0; d < dimensions; d++) length += (this.#push[d] as number) ** 2;
    if (length === 0) return;
    const move = (feature: number, share: number) => {
      const row = feature * dimensions;
      const squares =
        (this.#tasteSquares[feature] as number) + (share * share * length) / dimensions;
      this.#tasteSquares[feature] = squares;
      const step = this.#rate / Math.sqrt(squares);
      for (let d = 0; d < dimensions; d++) {
        const old = taste[row + d] as number;
        taste[row + d] = old + step * (share * (this.#push[d] as number) - DECAY * old);
      }
    };
    for (const [feature, weight] of liked) move(feature, weight);
    for (const feature of chosen) move(feature, 1);
  }

  #pullToBeliefs(step: number): void {
    const pull = BELIEF_PULL * step;
    this.#beliefs.forEach((kind, k) => {
      const weights = this.#model[kind];
      const prior = this.#priors[k] as Float32Array;
      for (let type = 0; type < weights.length; type++) {
        const old = weights[type] as number;
        weights[type] = Math.max(0, old + pull * ((prior[type] as number) - old));
      }
    });
    const { common } = this.#model;
    for (let i = 0; i < common.length; i++) {
      const old = common[i] as number;
      common[i] = old + pull * ((COMMON_BELIEFS[i] as number) - old);
    }
  }

  #score(
    event: number,
    when: number,
    total: number,
    dislikes: number,
    vector: Float32Array,
  ): number {
    const { items, popularity, events } = this.#data;
    const { dimensions, item, bias, liked, disliked, chosen, common } = this.#model;
    const { types } = this.#data.vocabulary;
    const { features, weights } = items[event] as Item;
    let sum = (common[0] as number) * popularity.of(event, when);
    sum += (common[1] as number) * nearness(events[event]?.startsAt ?? 0, when);
    vector.fill(0);
    for (let i = 0; i < features.length; i++) {
      const feature = features[i] as number;
      const weight = weights[i] as number;
      const type = types[feature] as number;
      const row = feature * dimensions;
      for (let d = 0; d < dimensions; d++) {
        vector[d] = (vector[d] as number) + weight * (item[row + d] as number);
      }
      sum +=
        weight *
        ((bias[feature] as number) +
          ((liked[type] as number) * (this.#likes[feature] as number)) / total -
          ((disliked[type] as number) * (this.#dislikes[feature] as number)) / (DOUBT + dislikes) +
          (chosen[type] as number) * (this.#choices[feature] as number));
    }
    for (let d = 0; d < dimensions; d++) sum += (vector[d] as number) * (this.#vector[d] as number);
    return sum;
  }

  /** The person without one event; gives back what the shares are then parts of. */
  #without(
    { features, weights }: Item,
    own: number,
    { likes, chosen }: Profile,
    raw: Float32Array,
  ) {
    const { dimensions, taste } = this.#model;
    const total = DOUBT + Math.max(0, likes - own);
    const choice = dimensions;
    for (let d = 0; d < dimensions; d++) {
      const chosenPart = chosen.size > 0 ? (raw[choice + d] as number) : 0;
      this.#vector[d] = (raw[d] as number) / total + chosenPart;
    }
    for (let i = 0; i < features.length; i++) {
      const feature = features[i] as number;
      const part = own * (weights[i] as number);
      this.#likes[feature] = (this.#likes[feature] as number) - part;
      const row = feature * dimensions;
      for (let d = 0; d < dimensions; d++) {
        this.#vector[d] = (this.#vector[d] as number) - (part * (taste[row + d] as number)) / total;
      }
    }
    return total;
  }

  #restore({ features, weights }: Item, own: number): void {
    for (let i = 0; i < features.length; i++) {
      const feature = features[i] as number;
      this.#likes[feature] = (this.#likes[feature] as number) + own * (weights[i] as number);
    }
  }

  /** The unshared sums of what was liked, and of what was chosen behind it. */
  #rawVector({ liked, chosen }: Profile): Float32Array {
    const { dimensions, taste } = this.#model;
    const raw = new Float32Array(2 * dimensions);
    const add = (feature: number, weight: number, offset: number) => {
      const row = feature * dimensions;
      for (let d = 0; d < dimensions; d++) {
        raw[offset + d] = (raw[offset + d] as number) + weight * (taste[row + d] as number);
      }
    };
    for (const [feature, weight] of liked) add(feature, weight, 0);
    for (const feature of chosen) add(feature, 1 / (DOUBT + chosen.size), dimensions);
    return raw;
  }

  #take({ liked, disliked, chosen }: Profile): void {
    for (const [feature, weight] of liked) this.#likes[feature] = weight;
    for (const [feature, weight] of disliked) this.#dislikes[feature] = weight;
    for (const feature of chosen) this.#choices[feature] = 1;
  }

  #forget({ liked, disliked, chosen }: Profile): void {
    for (const feature of liked.keys()) this.#likes[feature] = 0;
    for (const feature of disliked.keys()) this.#dislikes[feature] = 0;
    for (const feature of chosen) this.#choices[feature] = 0;
  }
}
