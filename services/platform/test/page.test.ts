import test from 'ava';
import { z } from 'zod';
import { encodeCursor } from '../src/cursor.ts';
import { keysSql, type List } from '../src/page.ts';
import { Conditions } from '../src/sql.ts';

const flat = (sql: string) => sql.replace(/\s+/g, ' ');
function list(more: Partial<List> = {}): List {
  const where = new Conditions();
  where.add('a.city = ?', 'Cork');
  return {
    from: 'acts a',
    id: 'a.id',
    where,
    key: { sql: 'a.name', schema: z.string() },
    limit: 20,
    cursor: undefined,
    ...more,
  };
}

test('keysSql – a first page – reads one row more than it shows', (t) => {
  const { sql, values } = keysSql(list());

  t.is(
    flat(sql),
    'SELECT a.id AS id, a.name AS sortKey FROM acts a WHERE a.city = ? ORDER BY sortKey ASC, a.id ASC LIMIT 21',
  );
  t.deepEqual(values, ['Cork']);
});

test('keysSql – a later page – begins behind the keys, in the form that an index can read', (t) => {
  const { sql, values } = keysSql(list({ cursor: encodeCursor(['M', 7]), descending: true }));

  t.regex(
    flat(sql),
    /AND a\.name <= \? AND \(a\.name < \? OR a\.id < \?\) ORDER BY sortKey DESC, a\.id DESC/,
  );
  t.deepEqual(values, ['Cork', 'M', 'M', 7]);
});

test('keysSql – a computed key and a joined table – has its values where its placeholders are', (t) => {
  const key = { sql: 'd(?)', values: ['here'], schema: z.number() };
  const { sql, values } = keysSql(
    list({ key, from: '(SELECT ?) x', fromValues: ['from'], cursor: encodeCursor([5, 9]) }),
  );

  t.is(sql.match(/\?/g)?.length, values.length);
  t.deepEqual(values, ['here', 'from', 'Cork', 'here', 5, 'here', 5, 9]);
});

test('keysSql – a cursor of another list – is a fault of the request', (t) => {
  for (const cursor of [encodeCursor([5, 9]), encodeCursor(['a']), 'x', encodeCursor(['a', -1])]) {
    t.throws(() => keysSql(list({ cursor })), { code: 'invalid_request' });
  }
});
