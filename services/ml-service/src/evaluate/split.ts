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

interface SplitOptions {
  readonly onlyNew?: boolean;
  /** So many people tell as much as all of them, within a hundredth, and in a bounded time. */
  readonly most?: number;
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
  { onlyNew = false, most = 2_000 }: SplitOptions = {},
): Split {
  const after = new Map<number, Set<number>>();
  for (const action of history.actions) {
    if (action.at >= cut && action.at < end && strengthOf(action) >= 0.8) put(after, action);
  }
  const saved = everyNth(
    [...after].sort(([a], [b]) => a - b),
    most,
  );
  const before = new Map<number, Set<number>>(saved.map(([user]) => [user, new Set()]));
  const touched = new Set<number>();
  for (const action of history.actions) {
    if (action.at >= cut) continue;
    if (strengthOf(action) > 0) touched.add(action.event);
    if (before.has(action.user)) put(before, action);
  }
  const candidates = history.events
    .filter(
      ({ id, startsAt, announcedAt }) =>
        startsAt > cut && announcedAt < end && !(onlyNew && touched.has(id)),
    )
    .map(({ id }) => id);
  const open = new Set(candidates);
  const trials: Trial[] = [];
  for (const [user, events] of saved) {
    const known = before.get(user) ?? new Set<number>();
    const wanted = new Set([...events].filter((id) => open.has(id) && !known.has(id)));
    if (wanted.size === 0) continue;
    trials.push({
      user,
      known: known.size,
      // Made when asked for: all of them at once would be hundreds of megabytes.
      get candidates() {
        return known.size === 0 ? candidates : candidates.filter((id) => !known.has(id));
      },
      wanted,
    });
  }
  return { cut, trials };
}

function put(map: Map<number, Set<number>>, { user, event }: Action): void {
  const own = map.get(user) ?? new Set<number>();
  if (own.size === 0) map.set(user, own);
  own.add(event);
}

/** Evenly taken, `most` at most. */
function everyNth<T>(list: readonly T[], most: number): readonly T[] {
  const step = Math.ceil(list.length / most);
  return step <= 1 ? list : list.filter((_, i) => i % step === 0);
}
