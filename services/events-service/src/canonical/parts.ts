import { nightOf } from '../domain/venue-time.ts';
import type { Decision } from './cluster.ts';
import type { SourceRecord } from './source-event.ts';

interface Part {
  readonly keys: Set<string>;
  readonly records: SourceRecord[];
}

/**
 * Rows in parts that have nothing to do with each other: only those of one night, or of nights that a move
 * or an admin has linked, can be one event, and only these have to be compared.
 */
export function partsOf(
  records: readonly SourceRecord[],
  decisions: readonly Decision[] = [],
): SourceRecord[][] {
  const linksOf = new Map<number, string[]>();
  for (const { oneId, otherId } of decisions) {
    for (const id of [oneId, otherId]) {
      linksOf.set(id, [...(linksOf.get(id) ?? []), `${oneId}-${otherId}`]);
    }
  }
  const parts = new Map<string, Part>();
  for (const record of records) {
    const part: Part = { keys: new Set(), records: [] };
    for (const key of [...nightsOf(record), ...(linksOf.get(record.id) ?? [])]) {
      const met = parts.get(key);
      for (const theirs of met?.keys ?? [key]) part.keys.add(theirs);
      if (met && met.records.length > 0) part.records.push(...met.records.splice(0));
    }
    part.records.push(record);
    for (const key of part.keys) parts.set(key, part);
  }
  return [...new Set(parts.values())].map((part) => part.records);
}

/** The nights on which a row may meet others: its own, and the one that it was moved from. */
export const nightsOf = ({
  startsAt,
  formerStartsAt,
  hasTime,
}: Pick<SourceRecord, 'startsAt' | 'formerStartsAt' | 'hasTime'>): string[] =>
  [startsAt, formerStartsAt].flatMap((time) => (time ? [nightOf(time, hasTime)] : []));
