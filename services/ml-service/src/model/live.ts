import type { EventFacts } from './facts.ts';

const WEEK_MS = 7 * 86_400_000;

/**
 * Draws events that could have been chosen at a moment: announced and not yet over. What people pass
 * over says something only if it was there.
 */
export class LiveEvents {
  readonly #weeks = new Map<number, Int32Array>();
  readonly #events: readonly EventFacts[];

  constructor(events: readonly EventFacts[]) {
    this.#events = events;
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

  /** How many there are in that week, more or less. */
  count(at: number): number {
    return this.#weeks.get(Math.floor(at / WEEK_MS))?.length ?? 0;
  }

  draw(at: number, random: () => number): number | undefined {
    const list = this.#weeks.get(Math.floor(at / WEEK_MS));
    if (!list) return undefined;
    const event = list[Math.floor(random() * list.length)] as number;
    const { announcedAt, startsAt } = this.#events[event] as EventFacts;
    return announcedAt <= at && at < startsAt ? event : undefined;
  }
}
