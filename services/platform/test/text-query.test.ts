import test from 'ava';
import { escapeLike, limitSql } from '../src/sql.ts';
import { parseTextQuery } from '../src/text-query.ts';

const cases: Record<string, { boolean: string | undefined; likes: string[] }> = {
  techno: { boolean: '+techno*', likes: [] },
  'Techno  HOUSE techno': { boolean: '+techno* +house*', likes: [] },
  'Róisín Dubh': { boolean: '+róisín* +dubh*', likes: [] },
  U2: { boolean: undefined, likes: ['% u2%'] },
  'dj shadow': { boolean: '+shadow*', likes: ['% dj%'] },
  "Whelan's": { boolean: '+whelan*', likes: [] },
  "the Keys of the O'Brien": { boolean: '+keys* +brien*', likes: [] },
  'The The': { boolean: undefined, likes: ['% the%'] },
  '+rock -pop "live" (~x) <y> @4 *': { boolean: '+rock* +pop* +live*', likes: [] },
  '%': { boolean: undefined, likes: [] },
};

for (const [text, expected] of Object.entries(cases)) {
  test(`parseTextQuery – ${text} – splits into index words and patterns`, (t) => {
    t.deepEqual(parseTextQuery(text), expected);
  });
}

test('escapeLike – wildcards – stand for themselves', (t) => {
  t.is(escapeLike('100%_\\'), '100\\%\\_\\\\');
});

test('limitSql – anything but a small whole number – is refused', (t) => {
  t.is(limitSql(21), 'LIMIT 21');
  for (const bad of [0, -1, 1.5, Number.NaN, 1e9])
    t.throws(() => limitSql(bad), { instanceOf: RangeError });
});
