import { ACTION_KINDS, type Choices, type EventFacts, type History, strengthOf } from './facts.ts';
import { Vocabulary } from './features.ts';
import { type Item, itemOf } from './item.ts';
import { Popularity } from './popularity.ts';

/** Who did what, as columns: a million rows are 25 MB so, and ten times that as objects. */
export interface Dataset {
  readonly vocabulary: Vocabulary;
  readonly events: readonly EventFacts[];
  readonly items: readonly Item[];
  readonly popularity: Popularity;
  readonly people: readonly number[];
  readonly choices: readonly (Choices | undefined)[];
  /** The actions of person `p` are those from `first[p]` to before `first[p + 1]`. */
  readonly first: Int32Array;
  readonly event: Int32Array;
  readonly strength: Float32Array;
  readonly at: Float64Array;
  /** The moment at which it ends. */
  readonly end: number;
}

/** Makes columns of what was done before `end`; the same history gives the same columns. */
export function datasetOf(history: History, end: number): Dataset {
  const vocabulary = new Vocabulary();
  const events = history.events.filter(({ announcedAt }) => announcedAt < end);
  const items = events.map((event) => itemOf(event, vocabulary, true));
  const numberOf = new Map(events.map(({ id }, i) => [id, i]));
  const byPerson = new Map<number, number[]>();
  for (const user of history.choices.keys()) byPerson.set(user, []);
  const done: { at: number; strength: number }[][] = events.map(() => []);
  const rows = { event: [] as number[], strength: [] as number[], at: [] as number[] };
  for (const action of history.actions) {
    const event = numberOf.get(action.event);
    if (event === undefined || action.at >= end || !ACTION_KINDS.includes(action.kind)) continue;
    const strength = strengthOf(action);
    const own = byPerson.get(action.user) ?? [];
    if (own.length === 0) byPerson.set(action.user, own);
    own.push(rows.event.push(event) - 1);
    rows.strength.push(strength);
    rows.at.push(action.at);
    done[event]?.push({ at: action.at, strength });
  }
  for (const list of done) list.sort((a, b) => a.at - b.at);

  const people = [...byPerson.keys()].sort((a, b) => a - b);
  const count = rows.event.length;
  const first = new Int32Array(people.length + 1);
  const event = new Int32Array(count);
  const strength = new Float32Array(count);
  const at = new Float64Array(count);
  let next = 0;
  people.forEach((person, p) => {
    first[p] = next;
    for (const row of byPerson.get(person) ?? []) {
      event[next] = rows.event[row] as number;
      strength[next] = rows.strength[row] as number;
      at[next] = rows.at[row] as number;
      next += 1;
    }
  });
  first[people.length] = next;
  const choices = people.map((person) => history.choices.get(person));
  const popularity = new Popularity(done, end);
  return {
    vocabulary,
    events,
    items,
    popularity,
    people,
    choices,
    first,
    event,
    strength,
    at,
    end,
  };
}
