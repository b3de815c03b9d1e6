const DAY_MS = 86_400_000;
export const HALF_LIFE_MS = 14 * DAY_MS;

/**
 * How much an event is wanted at any moment of the past: what people did for it until then, each half
 * forgotten after two weeks. As of the moment, since a model that learned from later counts would
 * expect them of events that are new.
 */
export class Popularity {
  readonly #times: readonly Float64Array[];
  readonly #sums: readonly Float64Array[];
  readonly #origin: number;

  /** For each event the times and strengths of what was done, in the order of time. */
  constructor(done: readonly { at: number; strength: number }[][], origin: number) {
    this.#origin = origin;
    this.#times = done.map((list) => Float64Array.from(list, ({ at }) => at));
    this.#sums = done.map((list) => {
      let sum = 0;
      return Float64Array.from(list, ({ at, strength }) => {
        sum += strength * 2 ** ((at - origin) / HALF_LIFE_MS);
        return sum;
      });
    });
  }

  /** Before `at`, on a scale where the tenth matters less than the first. */
  of(event: number, at: number): number {
    const times = this.#times[event];
    if (!times) return 0;
    let low = 0;
    let high = times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((times[middle] as number) < at) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return 0;
    const sum = (this.#sums[event] as Float64Array)[low - 1] as number;
    return heat(sum * 2 ** (-(at - this.#origin) / HALF_LIFE_MS));
  }
}

/** The same, of a decayed sum that was counted elsewhere. */
export const heat = (decayed: number) => Math.log1p(Math.max(0, decayed));

/** How near an event is: 1 tonight, a half in three weeks. */
export const nearness = (startsAt: number, at: number) =>
  1 / (1 + Math.max(0, startsAt - at) / (21 * DAY_MS));
