import test from 'ava';
import type { Report } from '../src/contract/fields.ts';
import type { EventFacts } from '../src/model/facts.ts';
import { Vocabulary } from '../src/model/features.ts';
import { itemOf } from '../src/model/item.ts';
import { emptyModel } from '../src/model/model.ts';
import { emptyProfile } from '../src/model/profile.ts';
import { confidenceOf } from '../src/recommend/confidence.ts';
import { Ranker } from '../src/recommend/rank.ts';
import { decide } from '../src/training/decide.ts';

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 10, 1);

const evaluation = (ndcg: number, people: number, light = ndcg) => {
  const figures = { ndcg, recall: ndcg, map: ndcg };
  const cohort = { ...figures, people };
  return {
    ...{ ...figures, people, coverage: 0.5 },
    cohorts: { new: cohort, light: { ...cohort, ndcg: light }, heavy: cohort },
  };
};
const report = (ours: number, popular: number, serving: number | null, people = 900): Report => ({
  model: evaluation(ours, people),
  popularity: evaluation(popular, people),
  inService: serving === null ? null : evaluation(serving, people),
});

test('decision – better, worse by chance, worse, nobody to ask – serves unless it is really worse', (t) => {
  t.true(decide(report(0.3, 0.2, 0.25)).accepted);
  t.true(decide(report(0.295, 0.2, 0.3)).accepted, 'within a standard error');
  t.like(decide(report(0.2, 0.1, 0.3)), {
    accepted: false,
    reason: 'NDCG@10 0.200 of 900 people, worse than the model in service: 0.300',
  });
  t.like(decide(report(0.2, 0.3, null)), {
    accepted: false,
    reason: 'NDCG@10 0.200 of 900 people, worse than popularity: 0.300',
  });
  t.true(decide(report(0.2, 0.3, 0.3, 4)).accepted, 'four people prove nothing');
  t.true(decide(report(0, 0, null, 0)).accepted);
});

test('confidence – by how such people’s lists did – low, medium, high', (t) => {
  t.is(confidenceOf(null, 5), 'low');
  t.is(confidenceOf(report(0.4, 0.2, null), 5), 'high');
  t.is(confidenceOf(report(0.25, 0.2, null), 5), 'medium');
  t.is(confidenceOf(report(0.1, 0.2, null), 5), 'low');
  t.is(confidenceOf(report(0.4, 0.2, null, 29), 5), 'low', 'too few to tell');
  const mixed = { ...report(0.4, 0.2, null), model: evaluation(0.4, 900, 0.1) };
  t.is(confidenceOf(mixed, 5), 'low');
  t.is(confidenceOf(mixed, 50), 'high');
});

test('list – new events that nobody knows yet – one of ten lines is theirs', (t) => {
  const events = Array.from({ length: 40 }, (_, i) => {
    const isNew = i >= 35;
    const facts: EventFacts = {
      ...{ id: i + 1, startsAt: NOW + (isNew ? 60 : 5) * DAY_MS, city: `city ${i}` },
      ...{ announcedAt: NOW - (isNew ? 1 : 30) * DAY_MS, venue: null, price: null },
      ...{ artists: [], genres: [], families: [] },
    };
    return { ...facts, title: `event ${i}`, venueId: null, open: true };
  });
  const vocabulary = new Vocabulary();
  for (const event of events) itemOf(event, vocabulary, true);
  const model = emptyModel(vocabulary, 1, () => 0.5);
  const heatOf = (id: number) => (id <= 35 ? { heat: 3, saves: 3 } : { heat: 0, saves: 0 });
  const ranker = new Ranker(model, { upcoming: events, now: NOW, heatOf });
  const lines = ranker.rank(emptyProfile(), { limit: 10, now: NOW });

  t.is(lines.length, 10);
  const fresh = lines.filter(({ event }) => event.id > 35);
  t.is(fresh.length, 1);
  t.true(fresh[0]?.reasons.some(({ type }) => type === 'new'));
  t.is(ranker.rank(emptyProfile(), { limit: 5, now: NOW }).length, 5);
});
