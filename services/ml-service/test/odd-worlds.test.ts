import test from 'ava';
import { evaluate } from '../src/evaluate/evaluate.ts';
import { modelRanking, popularityRanking } from '../src/evaluate/rankings.ts';
import { splitAt } from '../src/evaluate/split.ts';
import { datasetOf } from '../src/model/dataset.ts';
import type { Action, EventFacts, History } from '../src/model/facts.ts';
import { seeded } from '../src/model/random.ts';
import { train } from '../src/model/train.ts';
import { decodeModel, encodeModel } from '../src/models/model-file.ts';
import { compare } from '../src/training/compare.ts';
import { decide } from '../src/training/decide.ts';

const DAY_MS = 86_400_000;
const END = Date.UTC(2026, 10, 1);
const facts = {
  ...{ version: 'v', commit: null, trainedAt: '2026-01-01T00:00:00.000Z' },
  ...{ dataFrom: '2026-01-01T00:00:00.000Z', dataTo: '2026-01-01T00:00:00.000Z' },
};

const eventsOf = (count: number, more: (i: number) => Partial<EventFacts> = () => ({})) =>
  Array.from({ length: count }, (_, i): EventFacts => {
    const startsAt = END - 100 * DAY_MS + i * ((130 * DAY_MS) / count);
    return {
      ...{ id: i + 1, startsAt, announcedAt: startsAt - 30 * DAY_MS },
      ...{ city: ['cork', 'dublin'][i % 2] ?? '', venue: `venue ${i % 7}`, price: 1_000 },
      ...{ artists: [`artist ${i % 13}`], genres: [`genre ${i % 4}`], families: ['music'] },
      ...more(i),
    };
  });

/** Saves of events while they were there, by some rule of who likes what. */
function saves(
  events: readonly EventFacts[],
  people: number,
  each: number,
  likes = (_user: number, _id: number) => true,
): Action[] {
  const random = seeded(7);
  const actions: Action[] = [];
  for (let user = 1; user <= people; user++) {
    for (let n = 0; n < each; n++) {
      const event = events[Math.floor(random() * events.length)] as EventFacts;
      const at = event.announcedAt + random() * (event.startsAt - event.announcedAt);
      if (at < END && likes(user, event.id))
        actions.push({ user, event: event.id, kind: 'save', at });
    }
  }
  return actions;
}

const nobody: History['choices'] = new Map();
const names = [
  'Kíla',
  'ÆTHER 🎻',
  '…',
  '‮evil',
  'x'.repeat(5_000),
  "'; DROP TABLE events; --",
  '\u0000',
];
const worlds: Record<string, History> = {
  'nothing at all': { events: [], actions: [], choices: nobody },
  'events and nobody': { events: eventsOf(50), actions: [], choices: nobody },
  'five people': { events: eventsOf(40), actions: saves(eventsOf(40), 5, 4), choices: nobody },
  'one action': { events: eventsOf(40), actions: saves(eventsOf(40), 1, 1), choices: nobody },
  'one genre, one city, one venue': {
    events: eventsOf(100, () => ({ genres: ['techno'], city: 'cork', venue: 'v', artists: [] })),
    actions: saves(eventsOf(100), 60, 6),
    choices: nobody,
  },
  'one event that everybody saves': {
    events: eventsOf(100),
    actions: [
      ...saves(eventsOf(100), 60, 3),
      ...Array.from(
        { length: 3_000 },
        (_, i): Action => ({ user: i + 1, event: 90, kind: 'save', at: END - DAY_MS }),
      ),
    ],
    choices: nobody,
  },
  'somebody with 5,000 actions': {
    events: eventsOf(3_000),
    actions: [...saves(eventsOf(3_000), 1, 5_000), ...saves(eventsOf(3_000), 30, 5)],
    choices: nobody,
  },
  'events without any feature but a day': {
    events: eventsOf(80, () => ({
      genres: [],
      families: [],
      artists: [],
      venue: null,
      price: null,
      city: '',
    })),
    actions: saves(eventsOf(80), 40, 5),
    choices: nobody,
  },
  'strange names': {
    events: eventsOf(80, (i) => ({
      artists: [names[i % names.length] ?? ''],
      genres: [names[(i + 1) % names.length] ?? ''],
    })),
    actions: saves(eventsOf(80), 40, 5),
    choices: new Map([[1, { genres: names, cities: names, artists: names, venues: names }]]),
  },
  'only hides and thumbs down': {
    events: eventsOf(80),
    actions: saves(eventsOf(80), 40, 5).map((it, i) => ({ ...it, kind: i % 2 ? 'hide' : 'down' })),
    choices: nobody,
  },
  'times a century off': {
    events: eventsOf(80, (i) =>
      i % 2 ? { startsAt: END + 36_500 * DAY_MS } : { announcedAt: -60_000 * DAY_MS },
    ),
    actions: saves(eventsOf(80), 40, 5).map((it, i) => ({
      ...it,
      at: i % 3 ? it.at : it.at - 36_500 * DAY_MS,
    })),
    choices: nobody,
  },
  'prices from below nothing to beyond reason': {
    events: eventsOf(80, (i) => ({ price: [-1, 0, 1e9, Number.MAX_SAFE_INTEGER][i % 4] ?? 0 })),
    actions: saves(eventsOf(80), 40, 5),
    choices: nobody,
  },
};

for (const [name, world] of Object.entries(worlds)) {
  test(`odd world – ${name} – is learned from, written, judged and ranked by without a number that is none`, (t) => {
    const cut = END - 14 * DAY_MS;
    const known = datasetOf(world, cut);
    const model = train(known);
    const { model: read } = decodeModel(encodeModel(model, facts));
    const figures = compare(world, known, END, read, model);
    const { accepted, reason } = decide(figures);
    t.is(typeof accepted, 'boolean');
    t.true(reason.length > 10);
    for (const { ndcg, recall, map, coverage } of [figures.model, figures.popularity]) {
      t.true([ndcg, recall, map, coverage].every((it) => it >= 0 && it <= 1));
    }
    const candidates = world.events.map(({ id }) => id);
    for (const user of [1, 2, 999]) {
      const trial = { user, known: 0, candidates, wanted: new Set<number>() };
      const list = modelRanking(world, known, read)(trial);
      t.is(list.length, Math.min(10, candidates.length));
      t.is(new Set(list).size, list.length);
    }
  });
}

test('one event that everybody saves – people of one taste – still get what they like', (t) => {
  const events = eventsOf(400);
  const likes = (user: number, id: number) => (id - 1) % 4 === user % 4;
  const actions = [
    ...saves(events, 200, 40, likes),
    ...Array.from(
      { length: 2_000 },
      (_, i): Action => ({ user: i + 1_000, event: 380, kind: 'save', at: END - 20 * DAY_MS }),
    ),
  ];
  const world = { events, actions, choices: nobody };
  const cut = END - 14 * DAY_MS;
  const data = datasetOf(world, cut);
  const split = splitAt(world, cut, END);
  const ours = evaluate(split, modelRanking(world, data, train(data)));
  const popular = evaluate(split, popularityRanking(world, data));

  t.true(ours.people > 20);
  t.true(ours.ndcg > 1.3 * popular.ndcg, `${ours.ndcg} against ${popular.ndcg}`);
});
