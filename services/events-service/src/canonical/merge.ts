import { artistSlug } from './normalise.ts';
import { keyOf, SOURCES, type SourceEvent, type SourceRecord } from './source-event.ts';

/** An event as its sources together tell it. */
export interface CanonicalEvent
  extends Omit<SourceEvent, 'source' | 'sourceId' | 'hasTime' | 'status'> {
  readonly status: 'scheduled' | 'postponed' | 'cancelled';
  /** No source has it any more. */
  readonly isWithdrawn: boolean;
}

/**
 * The best value of each field, by the rank of the sources: what one does not say never hides what
 * another one says. A row that its source has dropped counts only when all have.
 */
export function merge(records: readonly SourceRecord[]): CanonicalEvent {
  const present = records.filter(({ isGone }) => !isGone);
  const all = (present.length > 0 ? present : records).toSorted(byRank);
  const [best] = all;
  if (!best) throw new RangeError('merge: expected a record at least');
  const first = <T>(pick: (record: SourceRecord) => T | null): T | null => {
    for (const record of all) {
      const value = pick(record);
      if (value !== null) return value;
    }
    return null;
  };
  // Who knows of the move knows better than who still has the old day; then who knows the hour.
  const timed =
    all.find(({ formerStartsAt, hasTime }) => formerStartsAt && hasTime) ??
    all.find(({ hasTime }) => hasTime) ??
    best;
  return {
    title: best.title,
    city: best.city,
    startsAt: timed.startsAt,
    endsAt: timed.endsAt,
    venue: first(({ venue }) => (venue?.position ? venue : null)) ?? first(({ venue }) => venue),
    status: first(({ status }) => status) ?? 'scheduled',
    description: first(({ description }) => description),
    ticketUrl: first(({ ticketUrl }) => ticketUrl),
    imageUrl: first(({ imageUrl }) => imageUrl),
    price: first(({ price }) => price),
    ageMin: first(({ ageMin }) => ageMin),
    genres: distinct(
      all.flatMap(({ genres }) => genres),
      (genre) => genre.toLowerCase(),
    ).toSorted(),
    artists: distinct(
      all.flatMap(({ artists }) => artists),
      artistSlug,
    ).slice(0, 30),
    isWithdrawn: present.length === 0,
  };
}

function byRank(one: SourceRecord, other: SourceRecord): number {
  const ranks = SOURCES.indexOf(one.source) - SOURCES.indexOf(other.source);
  return ranks !== 0 ? ranks : keyOf(one) < keyOf(other) ? -1 : 1;
}

function distinct(values: readonly string[], key: (value: string) => string): string[] {
  const byKey = new Map<string, string>();
  for (const value of values) if (!byKey.has(key(value))) byKey.set(key(value), value);
  return [...byKey.values()];
}
