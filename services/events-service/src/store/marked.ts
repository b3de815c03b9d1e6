import type { Mark } from '../marks/mark.ts';

/** Where the marks of each kind are kept, and since when. */
export const MARKS = {
  save: { table: 'event_saves', column: 'saved_at' },
  hide: { table: 'event_hides', column: 'hidden_at' },
} as const satisfies Record<Mark, object>;

/**
 * A condition that an event `e` is not marked by somebody, under its own number or one of those that
 * turned out to be it; each half is read by an index. With a placeholder it takes the person twice.
 */
export function notMarked(kind: Mark, user = '?'): string {
  const { table } = MARKS[kind];
  return `NOT EXISTS (SELECT 1 FROM ${table} m WHERE m.user_id = ${user} AND m.event_id = e.id)
    AND NOT EXISTS (SELECT 1 FROM events o JOIN ${table} m ON m.event_id = o.id AND m.user_id = ${user}
      WHERE o.merged_into = e.id)`;
}
