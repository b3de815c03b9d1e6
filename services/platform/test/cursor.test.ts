import test from 'ava';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from '../src/cursor.ts';
import { InvalidRequest } from '../src/errors.ts';

const keys = z.tuple([z.iso.datetime(), z.int().positive()]);

test('cursor – encoded and decoded – is a URL word that keeps its keys', (t) => {
  const cursor = encodeCursor(['2026-12-01T20:00:00.000Z', 42]);

  t.regex(cursor, /^[\w-]+$/);
  t.deepEqual(decodeCursor(cursor, keys), ['2026-12-01T20:00:00.000Z', 42]);
});

for (const bad of ['', 'x', '%%%', encodeCursor(['yesterday', 1]), encodeCursor([1, 2, 3])]) {
  test(`cursor – ${JSON.stringify(bad)} – is a fault of the request`, (t) => {
    const error = t.throws(() => decodeCursor(bad, keys), { instanceOf: InvalidRequest });

    t.is(error.errors[0]?.field, 'query.cursor');
  });
}
