import {
  ACTION_KINDS,
  type ActionKind,
  type Choices,
  type EventFacts,
  type History,
  strengthOf,
} from './facts.ts';
import { chosenFeatures, Vocabulary } from './features.ts';
import { type Items, itemsOf } from './items.ts';
import { Popularity } from './popularity.ts';
import { faded } from './profile.ts';
import { standing } from './standing.ts';

/** Who did what, as columns. */
export interface Dataset {
  readonly vocabulary: Vocabulary;
  readonly events: readonly EventFacts[];
  readonly items: Items;
  readonly popularity: Popularity;
  readonly people: readonly number[];
  /** By person, the numbers of the features that they chose. */
  readonly chosen: readonly (Int32Array | undefined)[];
  /** The actions of person `p` are those from `first[p]` to before `first[p + 1]`. */
  readonly first: Int32Array;
  readonly event: Int32Array;
  readonly strength: Float32Array;
  /** The strengths as of `end`, half forgotten by then or more. */
  readonly faded: Float32Array;
  readonly at: Float64Array;
  /** The moment at which it ends. */
  readonly end: number;
}

/** Makes columns of what was done before `end`; the same history gives the same columns. */
export function datasetOf(history: History, end: number): Dataset {
  const vocabulary = new Vocabulary();
  const events = history.events.filter(({ announcedAt }) => announcedAt < end);
  const items = itemsOf(events, vocabulary, true);
  const { people, rows } = rowsOf(history, events, end);
  const { first, order } = standingRows(rows, grouped(rows.person, people.length));
  const event = Int32Array.from(order, (row) => rows.event[row] as number);
  const strength = Float32Array.from(order, (row) => rows.strength[row] as number);
  const at = Float64Array.from(order, (row) => rows.at[row] as number);
  return {
    ...{ vocabulary, events, items, people, first, event, strength, at, end },
    faded: strength.map((it, row) => faded(it, at[row] as number, end)),
    popularity: popularityOf(events.length, event, strength, at, end),
    chosen: people.map((person) => numbersOf(history.choices.get(person), vocabulary)),
  };
}

/** What counts of a history, in its own order. */
function rowsOf(history: History, events: readonly EventFacts[], end: number) {
  const numberOf = new Map(events.map(({ id }, i) => [id, i]));
  const users = new Set(history.choices.keys());
  let count = 0;
  for (const { user, event, at } of history.actions) {
    if (at >= end || !numberOf.has(event)) continue;
    users.add(user);
    count += 1;
  }
  const people = [...users].sort((a, b) => a - b);
  const personOf = new Map(people.map((user, p) => [user, p]));
  const rows = {
    person: new Int32Array(count),
    event: new Int32Array(count),
    kind: new Uint8Array(count),
    strength: new Float32Array(count),
    at: new Float64Array(count),
  };
  let row = 0;
  for (const action of history.actions) {
    const event = numberOf.get(action.event);
    if (event === undefined || action.at >= end) continue;
    rows.person[row] = personOf.get(action.user) as number;
    rows.event[row] = event;
    rows.kind[row] = ACTION_KINDS.indexOf(action.kind);
    rows.strength[row] = strengthOf(action);
    rows.at[row] = action.at;
    row += 1;
  }
  return { people, rows };
}

/** The rows of each group behind each other, and in a group as they came. */
function grouped(groupOf: Int32Array, groups: number): { first: Int32Array; order: Int32Array } {
  const first = new Int32Array(groups + 1);
  for (const group of groupOf) first[group + 1] = (first[group + 1] as number) + 1;
  for (let group = 0; group < groups; group++) {
    first[group + 1] = (first[group + 1] as number) + (first[group] as number);
  }
  const next = first.slice(0, groups);
  const order = new Int32Array(groupOf.length);
  groupOf.forEach((group, row) => {
    const place = next[group] as number;
    order[place] = row;
    next[group] = place + 1;
  });
  return { first, order };
}

type Rows = ReturnType<typeof rowsOf>['rows'];

/** Of each person, in the order of time, what stands. */
function standingRows(rows: Rows, byPerson: ReturnType<typeof grouped>) {
  const first = new Int32Array(byPerson.first.length);
  const order = new Int32Array(byPerson.order.length);
  let count = 0;
  for (let p = 0; p + 1 < first.length; p++) {
    const own = Array.from(byPerson.order.subarray(byPerson.first[p], byPerson.first[p + 1]));
    const actions = own.map((row) => ({
      row,
      event: rows.event[row] as number,
      kind: ACTION_KINDS[rows.kind[row] as number] as ActionKind,
      at: rows.at[row] as number,
    }));
    for (const { row } of standing(actions)) order[count++] = row;
    first[p + 1] = count;
  }
  return { first, order: order.subarray(0, count) };
}

function popularityOf(
  events: number,
  event: Int32Array,
  strength: Float32Array,
  at: Float64Array,
  end: number,
): Popularity {
  const { first, order } = grouped(event, events);
  for (let i = 0; i < events; i++) {
    order.subarray(first[i], first[i + 1]).sort((a, b) => (at[a] as number) - (at[b] as number));
  }
  const sorted = { at: new Float64Array(at.length), strength: new Float32Array(at.length) };
  order.forEach((row, i) => {
    sorted.at[i] = at[row] as number;
    sorted.strength[i] = strength[row] as number;
  });
  return new Popularity({ first, ...sorted }, end);
}

function numbersOf(choices: Choices | undefined, vocabulary: Vocabulary): Int32Array | undefined {
  if (!choices) return undefined;
  const numbers = chosenFeatures(choices).map((feature) => vocabulary.find(feature));
  return Int32Array.from(new Set(numbers.filter((it) => it !== undefined)));
}
