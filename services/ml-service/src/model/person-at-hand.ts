import type { Dataset } from './dataset.ts';
import type { Model } from './model.ts';
import { DOUBT, sureness } from './profile.ts';

/**
 * The person whom training looks at, dense by feature so that nothing is searched for. An event is left
 * out of them while it is learned from, or it would explain itself.
 */
export class PersonAtHand {
  /** By feature, as a profile has them. */
  readonly likes: Float32Array;
  readonly dislikes: Float32Array;
  readonly choices: Float32Array;
  /** Where they stand among tastes without the event that is left out. */
  readonly vector: Float32Array;
  /** What shares of likes, and of dislikes, are parts of. */
  total = DOUBT;
  /** How much of what pleases everybody counts for them. */
  sure = 0;
  dislikesTotal = DOUBT;
  readonly #data: Dataset;
  readonly #model: Model;
  /** The features that are not zero in one of the three. */
  readonly #touched: Int32Array;
  readonly #isTouched: Uint8Array;
  #count = 0;
  #likesSum = 0;
  #chosenCount = 0;
  /** The vector's two parts: of likes before they are divided, and of choices. */
  readonly #liking: Float32Array;
  readonly #choosing: Float32Array;
  /** What a feature is worth to them, valid where the stamp is the present one. */
  readonly #worth: Float64Array;
  readonly #stamps: Int32Array;
  #stamp = 0;

  constructor(data: Dataset, model: Model) {
    const features = data.vocabulary.size;
    this.#data = data;
    this.#model = model;
    this.likes = new Float32Array(features);
    this.dislikes = new Float32Array(features);
    this.choices = new Float32Array(features);
    this.vector = new Float32Array(model.dimensions);
    this.#touched = new Int32Array(features);
    this.#isTouched = new Uint8Array(features);
    this.#liking = new Float32Array(model.dimensions);
    this.#choosing = new Float32Array(model.dimensions);
    this.#worth = new Float64Array(features);
    this.#stamps = new Int32Array(features);
  }

  take(person: number): void {
    const { first, event, faded, items, chosen } = this.#data;
    let likes = 0;
    let dislikes = 0;
    for (let row = first[person] as number; row < (first[person + 1] as number); row++) {
      const strength = faded[row] as number;
      const size = Math.abs(strength);
      const side = strength > 0 ? this.likes : this.dislikes;
      if (strength > 0) likes += size;
      else dislikes += size;
      const i = event[row] as number;
      for (let k = items.first[i] as number; k < (items.first[i + 1] as number); k++) {
        const feature = items.features[k] as number;
        this.#touch(feature);
        side[feature] = (side[feature] as number) + size * (items.weights[k] as number);
      }
    }
    const own = chosen[person];
    for (const feature of own ?? []) {
      this.#touch(feature);
      this.choices[feature] = 1;
    }
    this.#chosenCount = own?.length ?? 0;
    this.#likesSum = likes;
    this.dislikesTotal = DOUBT + dislikes;
    this.#sumTastes();
  }

  forget(): void {
    for (let i = 0; i < this.#count; i++) {
      const feature = this.#touched[i] as number;
      this.likes[feature] = 0;
      this.dislikes[feature] = 0;
      this.choices[feature] = 0;
      this.#isTouched[feature] = 0;
    }
    this.#count = 0;
  }

  /** Takes an event out, with as much as it is worth in their likes. */
  leaveOut(event: number, own: number): void {
    const { dimensions, taste } = this.#model;
    const { first, features, weights } = this.#data.items;
    const { vector } = this;
    const total = DOUBT + Math.max(0, this.#likesSum - own);
    this.total = total;
    this.sure = sureness(this.#likesSum - own, this.#chosenCount);
    this.#stamp += 1;
    for (let d = 0; d < dimensions; d++) {
      vector[d] = (this.#liking[d] as number) / total + (this.#choosing[d] as number);
    }
    if (own === 0) return;
    for (let k = first[event] as number; k < (first[event + 1] as number); k++) {
      const feature = features[k] as number;
      const part = own * (weights[k] as number);
      this.likes[feature] = (this.likes[feature] as number) - part;
      const row = feature * dimensions;
      for (let d = 0; d < dimensions; d++) {
        vector[d] = (vector[d] as number) - (part * (taste[row + d] as number)) / total;
      }
    }
  }

  putBack(event: number, own: number): void {
    const { first, features, weights } = this.#data.items;
    for (let k = first[event] as number; k < (first[event + 1] as number); k++) {
      const feature = features[k] as number;
      this.likes[feature] = (this.likes[feature] as number) + own * (weights[k] as number);
    }
  }

  /** What all features of an event are worth to them. */
  worthOf(event: number): number {
    const { first, features, weights } = this.#data.items;
    const stamps = this.#stamps;
    const stamp = this.#stamp;
    const worths = this.#worth;
    const end = first[event + 1] as number;
    let sum = 0;
    for (let k = first[event] as number; k < end; k++) {
      const feature = features[k] as number;
      if (stamps[feature] !== stamp) this.#reckon(feature);
      sum += (weights[k] as number) * (worths[feature] as number);
    }
    return sum;
  }

  /** Each feature of their likes and choices, with its part in the vector before it is divided. */
  eachTaste(move: (feature: number, share: number) => void): void {
    for (let i = 0; i < this.#count; i++) {
      const feature = this.#touched[i] as number;
      const share = (this.likes[feature] as number) + (this.choices[feature] as number);
      if (share > 1e-6) move(feature, share);
    }
  }

  #reckon(feature: number): void {
    const { dimensions, item, bias, liked, disliked, chosen, vocabulary } = this.#model;
    const { vector } = this;
    const type = vocabulary.types[feature] as number;
    const row = feature * dimensions;
    let worth =
      this.sure * (bias[feature] as number) +
      ((liked[type] as number) * (this.likes[feature] as number)) / this.total -
      ((disliked[type] as number) * (this.dislikes[feature] as number)) / this.dislikesTotal +
      (chosen[type] as number) * (this.choices[feature] as number);
    for (let d = 0; d < dimensions; d++) worth += (vector[d] as number) * (item[row + d] as number);
    this.#worth[feature] = worth;
    this.#stamps[feature] = this.#stamp;
  }

  #sumTastes(): void {
    const { dimensions, taste } = this.#model;
    this.#liking.fill(0);
    this.#choosing.fill(0);
    const each = 1 / (DOUBT + this.#chosenCount);
    for (let i = 0; i < this.#count; i++) {
      const feature = this.#touched[i] as number;
      const row = feature * dimensions;
      const like = this.likes[feature] as number;
      const choice = each * (this.choices[feature] as number);
      for (let d = 0; d < dimensions; d++) {
        const it = taste[row + d] as number;
        this.#liking[d] = (this.#liking[d] as number) + like * it;
        this.#choosing[d] = (this.#choosing[d] as number) + choice * it;
      }
    }
  }

  #touch(feature: number): void {
    if (this.#isTouched[feature] === 1) return;
    this.#isTouched[feature] = 1;
    this.#touched[this.#count] = feature;
    this.#count += 1;
  }
}
