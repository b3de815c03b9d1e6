import test from 'ava';
import fc from 'fast-check';
import { evaluate } from '../src/evaluate/evaluate.ts';
import { modelRanking, popularityRanking } from '../src/evaluate/rankings.ts';
import { splitAt } from '../src/evaluate/split.ts';
import { datasetOf } from '../src/model/dataset.ts';
import type { Action, EventFacts } from '../src/model/facts.ts';
import { featuresOf, Vocabulary } from '../src/model/features.ts';
import { itemOf } from '../src/model/item.ts';
import { emptyModel } from '../src/model/model.ts';
import { heat, Popularity } from '../src/model/popularity.ts';
import { profileOf } from '../src/model/profile.ts';
import { personOf, scoreOf } from '../src/model/score.ts';
import { train } from '../src/model/train.ts';
import { plainMatrix } from './helpers/plain-matrix.ts';
import { makeWorld } from './helpers/world.ts';

const DAY_MS = 86_400_000;
const world = makeWorld({ seed: 11, people: 500 });
const cut = world.end - 21 * DAY_MS;
const data = datasetOf(world, cut);
const model = train(data);

const eventOf = (id: number, more: Partial<EventFacts> = {}): EventFacts => ({
  ...{ id, startsAt: 90 * DAY_MS, announcedAt: 0, city: 'cork', venue: null, price: null },
  ...{ artists: [], genres: [], families: [] },
  ...more,
});

for (const onlyNew of [false, true]) {
  const events = onlyNew ? 'events that nobody touched' : 'all events';
  test(`model – last three weeks, ${events} – beats popularity, a plain matrix and its own beliefs`, (t) => {
    const split = splitAt(world, cut, world.end, { onlyNew });
    const ours = evaluate(split, modelRanking(world, data, model));
    const popular = evaluate(split, popularityRanking(world, data));
    const matrix = evaluate(split, plainMatrix(data));
    const beliefs = emptyModel(data.vocabulary, 1, () => 0.5);
    const believed = evaluate(split, modelRanking(world, data, beliefs));

    t.true(ours.people > 40);
    for (const other of [popular, matrix]) {
      t.true(ours.ndcg > 1.5 * other.ndcg, `${ours.ndcg} against ${other.ndcg}`);
      t.true(ours.recall > 1.5 * other.recall);
      t.true(ours.map > other.map);
    }
    t.true(ours.ndcg > 1.05 * believed.ndcg, `${ours.ndcg} against ${believed.ndcg}`);
    t.true(ours.coverage > popular.coverage);
  });
}

test('model – tastes dealt to other people – does not find what is not there', (t) => {
  // A model that remembers events and not people would not notice.
  const users = [...new Set(world.actions.map(({ user }) => user))];
  const swap = new Map(users.map((user, i) => [user, users[(i + 17) % users.length] ?? user]));
  const dealt = world.actions.map((it) =>
    it.at < cut ? { ...it, user: swap.get(it.user) ?? 0 } : it,
  );
  const other = { ...world, actions: dealt, choices: new Map() };
  const otherData = datasetOf(other, cut);
  const split = splitAt({ ...world, choices: new Map() }, cut, world.end);
  const right = evaluate(split, modelRanking(world, data, model));
  const wrong = evaluate(split, modelRanking(other, otherData, train(otherData)));

  t.true(right.ndcg > 1.5 * wrong.ndcg, `${right.ndcg} against ${wrong.ndcg}`);
});

test('model – trained twice – the same numbers for a seed, others for another', (t) => {
  const small = makeWorld({ seed: 3, people: 60, weeks: 10 });
  const columns = () => datasetOf(small, small.end);
  const once = train(columns(), { seed: 5, epochs: 3 });

  t.deepEqual(train(columns(), { seed: 5, epochs: 3 }), once);
  t.notDeepEqual(train(columns(), { seed: 6, epochs: 3 }).item, once.item);
});

test('features – any event – those of a type weigh one together, and an unknown one nothing', (t) => {
  const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 5 }), { maxLength: 6 });
  fc.assert(
    fc.property(names, names, (artists, genres) => {
      const event = eventOf(1, { artists, genres });
      const sums = new Map<string, number>();
      for (const { feature, weight } of featuresOf(event)) {
        sums.set(feature.type, (sums.get(feature.type) ?? 0) + weight ** 2);
      }
      t.true([...sums.values()].every((sum) => Math.abs(sum - 1) < 1e-9));
      t.is(itemOf(event, new Vocabulary()).features.length, 0);
    }),
  );
});

test('popularity – any actions – only earlier ones count, more never less, half after two weeks', (t) => {
  const times = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 30 });
  fc.assert(
    fc.property(times, fc.integer({ min: 0, max: 120 }), (days, day) => {
      const done = Float64Array.from(
        days.sort((a, b) => a - b),
        (it) => it * DAY_MS,
      );
      const at = day * DAY_MS;
      const strength = new Float32Array(done.length).fill(1);
      const first = Int32Array.from([0, done.length]);
      const found = new Popularity({ first, at: done, strength }, 100 * DAY_MS).of(0, at);
      const sum = done
        .filter((it) => it < at)
        .reduce((total, it) => total + 2 ** ((it - at) / (14 * DAY_MS)), 0);
      t.true(Math.abs(found - heat(sum)) < 1e-6);
    }),
  );
});

test('score – a person who likes, hides or chooses a genre – moves it up, down, up', (t) => {
  const techno = eventOf(1, { genres: ['genre 1'], families: ['family 0'] });
  const item = itemOf(techno, model.vocabulary);
  const score = (strength: number, chosen: string[] = []) => {
    const done = strength === 0 ? [] : [{ item, strength, at: cut }];
    const choices = { genres: chosen, cities: [], artists: [], venues: [] };
    return scoreOf(
      model,
      personOf(model, profileOf(done, choices, model.vocabulary, cut)),
      item,
      0,
      0,
    );
  };

  t.true(score(1) > score(0) + 0.5);
  t.true(score(-1) < score(0) - 0.5);
  t.true(score(0, ['genre 1']) > score(0) + 0.5);
});

test('split – by time – knows nothing of later, asks about nothing that was known or over', (t) => {
  const split = splitAt(world, cut, world.end);
  const starts = new Map(world.events.map(({ id, startsAt }) => [id, startsAt]));
  const before = new Set(
    world.actions.filter(({ at }) => at < cut).map(({ user, event }) => `${user} ${event}`),
  );

  t.true(Math.max(...data.at) < cut);
  for (const { user, candidates, wanted } of split.trials) {
    t.true([...wanted].every((id) => candidates.includes(id)));
    t.true(candidates.every((id) => (starts.get(id) ?? 0) > cut && !before.has(`${user} ${id}`)));
  }
});

test('dataset – actions on events that are not known, or later than its end – are left out', (t) => {
  const at = 10 * DAY_MS;
  const actions: Action[] = [
    { user: 1, event: 1, kind: 'save', at },
    { user: 1, event: 99, kind: 'save', at },
    { user: 1, event: 1, kind: 'click', at: 40 * DAY_MS },
  ];
  const made = datasetOf({ events: [eventOf(1)], actions, choices: new Map() }, 30 * DAY_MS);

  t.deepEqual([...made.strength], [1]);
});
