const DAY_MS = 86_400_000;
export const HALF_LIFE_MS = 14 * DAY_MS;

/** What was done for events: the rows of event `i` are from `first[i]` to before `first[i + 1]`. */
export interface DoneFor {
  readonly first: Int32Array;
  /** In the order of time. */
  readonly at: Float64Array;
  readonly strength: Float32Array;
}

/**
 * How much an event is wanted at any moment of the past: what people did for it until then, each half
 * forgotten after two weeks. As of the moment, since a model that learned from later counts would
 * expect them of events that are new.
 */
export class Popularity {
  readonly #first: Int32Array;
  readonly #at: Float64Array;
  readonly #sums: Float64Array;
  readonly #origin: number;

  constructor({ first, at, strength }: DoneFor, origin: number) {
    this.#first = first;
    this.#at = at;
    this.#origin = origin;
    this.#sums = new Float64Array(at.length);
    for (let event = 0; event + 1 < first.length; event++) {
      let sum = 0;
      for (let row = first[event] as number; row < (first[event + 1] as number); row++) {
        sum += (strength[row] as number) / this.fading(at[row] as number);
        this.#sums[row] = sum;
      }
    }
  }

  /** Before `at`, on a scale where the tenth matters less than the first. */
  of(event: number, at: number, fading = this.fading(at)): number {
    const from = this.#first[event];
    if (from === undefined) return 0;
    let low = from;
    let high = this.#first[event + 1] ?? from;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#at[middle] as number) < at) low = middle + 1;
      else high = middle;
    }
    return low === from ? 0 : heat((this.#sums[low - 1] as number) * fading);
  }

  /** What is left at a moment of what the sums hold; for whoever asks about many events at one moment. */
  fading(at: number): number {
    const halves = (this.#origin - at) / HALF_LIFE_MS;
    // Numbers end at 2 ** 1024; nobody wants twenty years of it, but a clock may be wrong by them.
    return 2 ** Math.max(-500, Math.min(500, halves));
  }
}

/** The same, of a decayed sum that was counted elsewhere. */
export const heat = (decayed: number) => Math.log1p(Math.max(0, decayed));

/** How near an event is: 1 tonight, a half in three weeks. */
export const nearness = (startsAt: number, at: number) =>
  1 / (1 + Math.max(0, startsAt - at) / (21 * DAY_MS));
