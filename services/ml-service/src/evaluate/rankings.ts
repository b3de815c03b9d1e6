import type { Dataset } from '../model/dataset.ts';
import type { History } from '../model/facts.ts';
import { itemAt, itemsOf } from '../model/items.ts';
import type { Model } from '../model/model.ts';
import { nearness } from '../model/popularity.ts';
import { profileOf } from '../model/profile.ts';
import { personOf, worthOf } from '../model/score.ts';
import type { Ranking } from './evaluate.ts';
import type { Trial } from './split.ts';

/** The ten with the best scores; equal ones by number, so that nothing is left to chance. */
export function bestOf(candidates: readonly number[], score: (id: number) => number): number[] {
  const best: { id: number; score: number }[] = [];
  for (const id of candidates) {
    const it = { id, score: score(id) };
    const worst = best[9];
    if (worst && !isBetter(it, worst)) continue;
    let place = best.length;
    while (place > 0 && isBetter(it, best[place - 1] as typeof it)) place -= 1;
    best.splice(place, 0, it);
    if (best.length > 10) best.pop();
  }
  return best.map(({ id }) => id);
}

type Scored = { readonly id: number; readonly score: number };
const isBetter = (a: Scored, b: Scored) =>
  a.score > b.score || (a.score === b.score && a.id < b.id);

/** What everybody saves, half forgotten every two weeks; of equals the sooner one. */
export function popularityRanking(history: History, data: Dataset): Ranking {
  const { heats, nears, placeOf } = commonOf(history, data);
  return ({ candidates }: Trial) =>
    bestOf(candidates, (id) => {
      const place = placeOf(id);
      return (heats[place] as number) + 1e-3 * (nears[place] as number);
    });
}

/** As a model ranks with what was known at the end of `data`. */
export function modelRanking(history: History, data: Dataset, model: Model): Ranking {
  const { heats, nears, placeOf } = commonOf(history, data);
  const items = itemsOf(history.events, model.vocabulary);
  const numbers = new Map(data.people.map((user, p) => [user, p]));
  const places = Int32Array.from(data.events, ({ id }) => placeOf(id));
  return ({ user, candidates }) => {
    const p = numbers.get(user);
    const done = [];
    if (p !== undefined) {
      for (let row = data.first[p] as number; row < (data.first[p + 1] as number); row++) {
        done.push({
          item: itemAt(items, places[data.event[row] as number] as number),
          strength: data.strength[row] as number,
          at: data.at[row] as number,
        });
      }
    }
    const choices = history.choices.get(user);
    const person = personOf(model, profileOf(done, choices, model.vocabulary, data.end));
    const [hot = 0, near = 0] = model.common;
    return bestOf(candidates, (id) => {
      const place = placeOf(id);
      return (
        worthOf(person, items, place) +
        hot * (heats[place] as number) +
        near * (nears[place] as number)
      );
    });
  };
}

/** What an event is worth to everyone, by its place in the history. */
function commonOf({ events }: History, data: Dataset) {
  const places = new Map(events.map(({ id }, place) => [id, place]));
  const numbers = new Map(data.events.map(({ id }, number) => [id, number]));
  const { popularity, end } = data;
  const fading = popularity.fading(end);
  return {
    placeOf: (id: number) => places.get(id) as number,
    nears: Float32Array.from(events, ({ startsAt }) => nearness(startsAt, end)),
    heats: Float32Array.from(events, ({ id }) => {
      const number = numbers.get(id);
      return number === undefined ? 0 : popularity.of(number, end, fading);
    }),
  };
}
