import type { EventFacts } from './facts.ts';

const WEEK_MS = 7 * 86_400_000;
const NONE = new Int32Array(0);

/**
 * Events that could have been chosen at a moment: announced and not yet over. What people pass over says
 * something only if it was there.
 */
export class LiveEvents {
  readonly #weeks = new Map<number, Int32Array>();
  readonly #announced: Float64Array;
  readonly #starts: Float64Array;

  constructor(events: readonly EventFacts[]) {
    this.#announced = Float64Array.from(events, ({ announcedAt }) => announcedAt);
    this.#starts = Float64Array.from(events, ({ startsAt }) => startsAt);
    const lists = new Map<number, number[]>();
    events.forEach(({ announcedAt, startsAt }, i) => {
      const last = Math.floor(startsAt / WEEK_MS);
      // Whatever was announced years before is seen in its last months.
      for (
        let week = Math.max(Math.floor(announcedAt / WEEK_MS), last - 26);
        week <= last;
        week++
      ) {
        const list = lists.get(week) ?? [];
        if (list.length === 0) lists.set(week, list);
        list.push(i);
      }
    });
    for (const [week, list] of lists) this.#weeks.set(week, Int32Array.from(list));
  }

  /** Those of its week, some of which may be announced later or over by then. */
  around(at: number): Int32Array {
    return this.#weeks.get(Math.floor(at / WEEK_MS)) ?? NONE;
  }

  has(event: number, at: number): boolean {
    return (this.#announced[event] as number) <= at && at < (this.#starts[event] as number);
  }

  startOf(event: number): number {
    return this.#starts[event] as number;
  }
}
