import type { Dataset } from '../model/dataset.ts';
import type { History } from '../model/facts.ts';
import { type Item, itemOf } from '../model/item.ts';
import type { Model } from '../model/model.ts';
import { nearness } from '../model/popularity.ts';
import { profileOf } from '../model/profile.ts';
import { personOf, scoreOf } from '../model/score.ts';
import type { Ranking } from './evaluate.ts';
import type { Trial } from './split.ts';

/** The ten with the best scores; equal ones by number, so that nothing is left to chance. */
export function bestOf(candidates: readonly number[], score: (id: number) => number): number[] {
  return candidates
    .map((id) => ({ id, score: score(id) }))
    .sort((a, b) => b.score - a.score || a.id - b.id)
    .slice(0, 10)
    .map(({ id }) => id);
}

/** What everybody saves, half forgotten every two weeks; of equals the sooner one. */
export function popularityRanking(history: History, data: Dataset): Ranking {
  const facts = indexOf(history, data);
  return ({ candidates }: Trial) =>
    bestOf(candidates, (id) => {
      const { number, startsAt } = facts(id);
      const heat = number === undefined ? 0 : data.popularity.of(number, data.end);
      return heat + 1e-3 * nearness(startsAt, data.end);
    });
}

/** As a model ranks with what was known at the end of `data`. */
export function modelRanking(history: History, data: Dataset, model: Model): Ranking {
  const facts = indexOf(history, data);
  const items = new Map<number, Item>(
    history.events.map((event) => [event.id, itemOf(event, model.vocabulary)]),
  );
  const itemFor = (id: number) => items.get(id) as Item;
  const numbers = new Map(data.people.map((user, p) => [user, p]));
  return ({ user, candidates }) => {
    const p = numbers.get(user);
    const done = [];
    if (p !== undefined) {
      for (let row = data.first[p] as number; row < (data.first[p + 1] as number); row++) {
        done.push({
          item: itemFor(data.events[data.event[row] as number]?.id ?? 0),
          strength: data.strength[row] as number,
          at: data.at[row] as number,
        });
      }
    }
    const choices = history.choices.get(user);
    const person = personOf(model, profileOf(done, choices, model.vocabulary, data.end));
    return bestOf(candidates, (id) => {
      const { number, startsAt } = facts(id);
      const heat = number === undefined ? 0 : data.popularity.of(number, data.end);
      return scoreOf(model, person, itemFor(id), heat, nearness(startsAt, data.end));
    });
  };
}

function indexOf(history: History, data: Dataset) {
  const numbers = new Map(data.events.map(({ id }, i) => [id, i]));
  const starts = new Map(history.events.map(({ id, startsAt }) => [id, startsAt]));
  return (id: number) => ({ number: numbers.get(id), startsAt: starts.get(id) ?? 0 });
}
