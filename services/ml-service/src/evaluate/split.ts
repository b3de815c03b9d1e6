import { type Action, type History, strengthOf } from '../model/facts.ts';

/** What is tried: one person, what was there to choose from, and what they then chose. */
export interface Trial {
  readonly user: number;
  /** How many of their own actions are in the training part. */
  readonly known: number;
  readonly candidates: readonly number[];
  readonly wanted: ReadonlySet<number>;
}

export interface Split {
  readonly cut: number;
  readonly trials: readonly Trial[];
}

/**
 * Splits by time: what was done before `cut` is known, the saves from then on until `end` are to be
 * foretold, among all events that were still to come and that the person had not dealt with. With
 * `onlyNew`, among those alone of which nobody had done anything yet.
 */
export function splitAt(
  history: History,
  cut: number,
  end: number,
  { onlyNew = false } = {},
): Split {
  const touched = new Set<number>();
  const before = new Map<number, Set<number>>();
  const after = new Map<number, Set<number>>();
  const put = (map: Map<number, Set<number>>, { user, event }: Action) => {
    const own = map.get(user) ?? new Set<number>();
    if (own.size === 0) map.set(user, own);
    own.add(event);
  };
  for (const action of history.actions) {
    if (action.at < cut) {
      put(before, action);
      if (strengthOf(action) > 0) touched.add(action.event);
    } else if (action.at < end && strengthOf(action) >= 0.8) put(after, action);
  }
  const candidates = history.events
    .filter(
      ({ id, startsAt, announcedAt }) =>
        startsAt > cut && announcedAt < end && !(onlyNew && touched.has(id)),
    )
    .map(({ id }) => id);
  const open = new Set(candidates);
  const trials: Trial[] = [];
  for (const [user, saved] of [...after].sort(([a], [b]) => a - b)) {
    const known = before.get(user) ?? new Set<number>();
    const wanted = new Set([...saved].filter((id) => open.has(id) && !known.has(id)));
    if (wanted.size === 0) continue;
    trials.push({
      user,
      known: known.size,
      candidates: known.size === 0 ? candidates : candidates.filter((id) => !known.has(id)),
      wanted,
    });
  }
  return { cut, trials };
}
