import test from 'ava';
import { ANSWER_LIFE_MS, AnswerCache } from '../../src/spotify/answer-cache.ts';

test('7.C-6 cache – more lookups than it holds – stays within twice its size and keeps the newest', (t) => {
  const cache = new AnswerCache(100);
  for (let i = 0; i < 10_000; i++) cache.keep(`lookup ${i}`, i, i);

  const { size, validEntries, expiredEntries } = cache.counts(10_000);
  t.true(size < 200, `${size}`);
  t.deepEqual([validEntries, expiredEntries], [size, 0]);
  t.is(cache.fresh('lookup 9999', 10_000)?.value, 9_999);
});

test('cache – looked at by its counts – loses nothing; swept, only what is a day too old', (t) => {
  const cache = new AnswerCache();
  cache.keep('old', 1, 0);
  cache.keep('new', 2, ANSWER_LIFE_MS);

  const now = ANSWER_LIFE_MS + 1;
  t.deepEqual(cache.counts(now), { size: 2, validEntries: 1, expiredEntries: 1 });
  cache.sweep(now);
  t.is(cache.fresh('old', now), undefined);
  t.is(cache.last('old')?.value, 1);
  cache.sweep(2 * ANSWER_LIFE_MS);
  t.deepEqual(cache.counts(now), { size: 1, validEntries: 1, expiredEntries: 0 });
});
