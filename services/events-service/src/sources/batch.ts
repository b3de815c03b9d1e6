import type { SourceEvent } from '../canonical/source-event.ts';
import type { Rows } from './rows.ts';
import type { Batch } from './source.ts';

/** Rows that were read as the events of our cities; what is elsewhere is counted. */
export function batchOf<R>(
  { good, bad }: Rows<R>,
  cityOf: (row: R) => string | undefined,
  toEvent: (row: R, city: string) => SourceEvent | undefined,
): Batch {
  const events: SourceEvent[] = [];
  let elsewhere = 0;
  for (const row of good) {
    const city = cityOf(row);
    const event = city === undefined ? undefined : toEvent(row, city);
    if (event) events.push(event);
    else elsewhere += 1;
  }
  return { events, bad, elsewhere };
}
