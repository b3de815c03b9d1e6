import type { SourceRecord } from './source-event.ts';

export interface Assigned {
  readonly records: readonly SourceRecord[];
  /** The event that the group goes on as; undefined: a new one, or one that comes back. */
  readonly eventId: number | undefined;
  /** Events that turned out to be this one. */
  readonly absorbed: readonly number[];
}

/**
 * Which event each group goes on as: an event stays with the row that was there first, so that its
 * number, and who saved it, outlive a better idea of what belongs together.
 */
export function assign(clusters: readonly (readonly SourceRecord[])[]): Assigned[] {
  const oldest = new Map<number, number>();
  for (const { id, eventId } of clusters.flat()) {
    if (eventId !== null) oldest.set(eventId, Math.min(id, oldest.get(eventId) ?? id));
  }
  return clusters.map((records) => {
    const own = new Set(records.map(({ id }) => id));
    const claimed = [...oldest].filter(([, recordId]) => own.has(recordId)).map(([id]) => id);
    const [eventId, ...absorbed] = claimed.toSorted((a, b) => a - b);
    return { records, eventId, absorbed };
  });
}
