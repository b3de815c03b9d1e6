/** What is known of a person's taste, each thing by where it is known from. */
export interface Profile {
  /** By `artistSlug`, and the next by `placeKey`. */
  readonly artists: ReadonlyMap<string, Because>;
  readonly venues: ReadonlyMap<string, Because>;
  /** As they are written, for the database to compare. */
  readonly venueNames: readonly string[];
  readonly genres: ReadonlyMap<number, Because>;
  /** Keys of cities; empty for anywhere. */
  readonly cities: ReadonlySet<string>;
  readonly nights: ReadonlySet<Weekday>;
  /** In cents; null for any. */
  readonly budget: number | null;
}

/**
 * From the strongest to the weakest: followed, chosen in the preferences, saved before, or listened to
 * where the person has linked a music service.
 */
export const BECAUSE = ['followed', 'chosen', 'saved', 'listened'] as const;
export type Because = (typeof BECAUSE)[number];

export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Joins what is known from several places: for each thing the strongest of them counts, once. */
export function strongest<K>(
  parts: readonly (readonly [Because, Iterable<K>])[],
): ReadonlyMap<K, Because> {
  const joined = new Map<K, Because>();
  const inOrder = parts.toSorted(([a], [b]) => BECAUSE.indexOf(a) - BECAUSE.indexOf(b));
  for (const [because, keys] of inOrder) {
    for (const key of keys) if (!joined.has(key)) joined.set(key, because);
  }
  return joined;
}

export const isKnown = ({ artists, venues, genres, cities, nights, budget }: Profile) =>
  artists.size + venues.size + genres.size + cities.size + nights.size > 0 || budget !== null;
