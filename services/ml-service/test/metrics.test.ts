import test from 'ava';
import fc from 'fast-check';
import { figuresOf } from '../src/evaluate/metrics.ts';

const near = (a: number, b: number) => Math.abs(a - b) < 1e-12;

test('figures – a list worked out by hand – are those', (t) => {
  const { ndcg, recall, map } = figuresOf([7, 1, 8, 2], new Set([1, 2, 3]));

  t.true(near(ndcg, (1 / Math.log2(3) + 1 / Math.log2(5)) / (1 + 1 / Math.log2(3) + 1 / 2)));
  t.true(near(recall, 2 / 3));
  t.true(near(map, (1 / 2 + 2 / 4) / 3));
});

test('figures – any list – from 0 to 1, 1 only with all wanted in front, never better one place later', (t) => {
  const ids = fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { minLength: 2, maxLength: 10 });
  fc.assert(
    fc.property(ids, fc.integer({ min: 1, max: 5 }), (list, count) => {
      const wanted = new Set(list.slice(0, count));
      const { ndcg, recall, map } = figuresOf(list, wanted);
      const later = figuresOf([99, ...list], wanted);
      t.true([ndcg, recall, map].every((it) => near(it, 1)));
      t.true(later.ndcg < ndcg && later.map < map && later.recall <= recall);
      t.is(figuresOf([100, 101], wanted).ndcg, 0);
    }),
  );
});
