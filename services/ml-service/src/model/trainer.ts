import type { Dataset } from './dataset.ts';
import type { LiveEvents } from './live.ts';
import { believed, COMMON_BELIEFS, type Model } from './model.ts';
import { PersonAtHand } from './person-at-hand.ts';
import { nearness } from './popularity.ts';

const TRIES = 8;
const MARGIN = 1;
/** How strongly vectors are drawn to zero, and weights to what is believed. */
const DECAY = 0.01;
const BELIEF_PULL = 0.0005;
const WEIGHT_RATE = 0.02;
const BELIEFS = ['liked', 'disliked', 'chosen'] as const;

/**
 * One person at a time, by WARP (Weston et al. 2011): for each thing liked, what else was on is drawn
 * until something scores as high; the sooner that is found, the worse the ranking and the larger the
 * step.
 */
export class Trainer {
  readonly #data: Dataset;
  readonly #model: Model;
  readonly #live: LiveEvents;
  readonly #random: () => number;
  readonly #person: PersonAtHand;
  /** The events that they did something with. */
  readonly #seen: Uint8Array;
  /** AdaGrad's sums, one per row. */
  readonly #itemSquares: Float32Array;
  readonly #tasteSquares: Float32Array;
  readonly #biasSquares: Float32Array;
  readonly #priors = BELIEFS.map(believed);
  /** By how much, and where to, all steps of a person want to move tastes. */
  readonly #push: Float32Array;
  #moved = 0;
  #rate = 0;

  constructor(data: Dataset, model: Model, live: LiveEvents, random: () => number) {
    this.#data = data;
    this.#model = model;
    this.#live = live;
    this.#random = random;
    this.#person = new PersonAtHand(data, model);
    this.#seen = new Uint8Array(data.events.length);
    const features = data.vocabulary.size;
    this.#itemSquares = new Float32Array(features).fill(1);
    this.#tasteSquares = new Float32Array(features).fill(1);
    this.#biasSquares = new Float32Array(features).fill(1);
    this.#push = new Float32Array(model.dimensions);
  }

  beginEpoch(rate: number): void {
    this.#rate = rate;
  }

  learn(person: number): void {
    const { first, event, strength } = this.#data;
    const from = first[person] as number;
    const to = first[person + 1] as number;
    if (from === to) return;
    this.#person.take(person);
    for (let row = from; row < to; row++) this.#seen[event[row] as number] = 1;
    this.#push.fill(0);
    this.#moved = 0;
    for (let row = from; row < to; row++) {
      const size = strength[row] as number;
      if (size > 0) this.#learnLiked(row);
      else if (size < -0.5) this.#learnDisliked(row, from, to);
    }
    this.#pushTastes();
    this.#pullToBeliefs();
    this.#person.forget();
    for (let row = from; row < to; row++) this.#seen[event[row] as number] = 0;
  }

  #learnLiked(row: number): void {
    const { event, strength, at, faded, popularity } = this.#data;
    const liked = event[row] as number;
    const when = at[row] as number;
    const own = faded[row] as number;
    const fading = popularity.fading(when);
    this.#person.leaveOut(liked, own);
    const score = this.#score(liked, when, fading);
    const live = this.#live.around(when);
    for (let tried = 1; tried <= TRIES && live.length > 0; tried++) {
      const other = live[Math.floor(this.#random() * live.length)] as number;
      if (this.#seen[other] === 1 || !this.#live.has(other, when)) continue;
      if (score - this.#score(other, when, fading) >= MARGIN) continue;
      const rank = Math.log1p(live.length / tried) / Math.log1p(live.length);
      this.#step(liked, other, when, (strength[row] as number) * rank);
      break;
    }
    this.#person.putBack(liked, own);
  }

  /** What a person put away, against something that the same person liked. */
  #learnDisliked(row: number, from: number, to: number): void {
    const { event, strength, at, popularity } = this.#data;
    const chosen = from + Math.floor(this.#random() * (to - from));
    if ((strength[chosen] as number) <= 0) return;
    const disliked = event[row] as number;
    const liked = event[chosen] as number;
    const when = at[row] as number;
    const fading = popularity.fading(when);
    this.#person.leaveOut(liked, 0);
    const lead = this.#score(liked, when, fading) - this.#score(disliked, when, fading);
    if (lead < MARGIN) this.#step(liked, disliked, when, 0.5);
  }

  #score(event: number, when: number, fading: number): number {
    const { common } = this.#model;
    return (
      this.#person.worthOf(event) +
      (common[0] as number) * this.#data.popularity.of(event, when, fading) +
      (common[1] as number) * nearness(this.#live.startOf(event), when)
    );
  }

  #step(better: number, worse: number, when: number, size: number): void {
    const { popularity } = this.#data;
    const { common } = this.#model;
    const { vector } = this.#person;
    let length = 0;
    for (const it of vector) length += it * it;
    this.#moveEvent(better, size, length);
    this.#moveEvent(worse, -size, length);
    const slow = WEIGHT_RATE * this.#rate * size;
    const fading = popularity.fading(when);
    const hotter = popularity.of(better, when, fading) - popularity.of(worse, when, fading);
    const nearer =
      nearness(this.#live.startOf(better), when) - nearness(this.#live.startOf(worse), when);
    common[0] = (common[0] as number) + slow * hotter;
    common[1] = (common[1] as number) + slow * nearer;
    this.#moved += this.#rate * size;
  }

  /** Towards the person by `size`, or away from them; `length` is that of their vector, squared. */
  #moveEvent(event: number, size: number, length: number): void {
    const { first, features, weights } = this.#data.items;
    const { dimensions, item, bias, liked, disliked, chosen, vocabulary } = this.#model;
    const { vector, likes, dislikes, choices, total, dislikesTotal, sure } = this.#person;
    const rate = this.#rate;
    for (let k = first[event] as number; k < (first[event + 1] as number); k++) {
      const feature = features[k] as number;
      const weight = weights[k] as number;
      const gradient = size * weight;
      const row = feature * dimensions;
      const squares =
        (this.#itemSquares[feature] as number) + (gradient * gradient * length) / dimensions;
      this.#itemSquares[feature] = squares;
      const step = rate / Math.sqrt(squares);
      const push = gradient / total;
      for (let d = 0; d < dimensions; d++) {
        const old = item[row + d] as number;
        this.#push[d] = (this.#push[d] as number) + push * old;
        item[row + d] = old + step * (gradient * (vector[d] as number) - DECAY * old);
      }
      const pull = sure * gradient;
      const biasSquares = (this.#biasSquares[feature] as number) + pull * pull;
      this.#biasSquares[feature] = biasSquares;
      const old = bias[feature] as number;
      bias[feature] = old + (rate / Math.sqrt(biasSquares)) * (pull - DECAY * old);

      const type = vocabulary.types[feature] as number;
      const change = WEIGHT_RATE * rate * gradient;
      liked[type] = (liked[type] as number) + (change * (likes[feature] as number)) / total;
      disliked[type] =
        (disliked[type] as number) - (change * (dislikes[feature] as number)) / dislikesTotal;
      chosen[type] = (chosen[type] as number) + change * (choices[feature] as number);
    }
  }

  /** All steps of a person move the same tastes, so they are moved once, together. */
  #pushTastes(): void {
    const { dimensions, taste } = this.#model;
    const push = this.#push;
    const squaresOf = this.#tasteSquares;
    const rate = this.#rate;
    let length = 0;
    for (const it of push) length += it * it;
    if (length === 0) return;
    this.#person.eachTaste((feature, share) => {
      const squares = (squaresOf[feature] as number) + (share * share * length) / dimensions;
      squaresOf[feature] = squares;
      const step = rate / Math.sqrt(squares);
      const row = feature * dimensions;
      for (let d = 0; d < dimensions; d++) {
        const old = taste[row + d] as number;
        taste[row + d] = old + step * (share * (push[d] as number) - DECAY * old);
      }
    });
  }

  #pullToBeliefs(): void {
    const pull = BELIEF_PULL * this.#moved;
    const draw = (weights: Float32Array, to: Float32Array, least: number) => {
      for (let i = 0; i < weights.length; i++) {
        const old = weights[i] as number;
        weights[i] = Math.max(least, old + pull * ((to[i] as number) - old));
      }
    };
    BELIEFS.forEach((kind, k) => {
      draw(this.#model[kind], this.#priors[k] as Float32Array, 0);
    });
    draw(this.#model.common, COMMON_BELIEFS, Number.NEGATIVE_INFINITY);
  }
}
