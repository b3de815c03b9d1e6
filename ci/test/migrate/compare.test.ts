import test from 'ava';
import fc from 'fast-check';
import { compareSchema } from '../../src/migrate/compare.ts';
import { schemaOf } from '../../src/migrate/migrations.ts';
import { has, some } from './some-migrations.ts';

test('schema – nobody could say – all migrations may be pending', (t) => {
  t.deepEqual(compareSchema(some('ee'), undefined), { is: 'unknown', pending: some('ee') });
});

test('schema – as the files have it – is current', (t) => {
  t.deepEqual(compareSchema(some('ec'), has('ec')), { is: 'current' });
  t.deepEqual(compareSchema([], schemaOf([])), { is: 'current' });
});

test('schema – restored from before the last migrations – is behind again by those', (t) => {
  const compared = compareSchema(some('eee'), has('e'));
  t.deepEqual(compared, { is: 'behind', pending: some('eee').slice(1) });
});

test('schema – more than the files, or other ones – is ahead, or another', (t) => {
  t.is(compareSchema(some('e'), has('ee')).is, 'ahead');
  const edited = some('ee').map((it) => (it.id === 1 ? { ...it, checksum: 'edited' } : it));
  t.is(compareSchema(edited, has('ee')).is, 'other');
  t.is(compareSchema(edited, has('e')).is, 'other');
});

test('schema – any number applied of any number – is behind by exactly the rest', (t) => {
  const kinds = fc.array(fc.constantFrom('e', 'c'), { maxLength: 12 }).map((it) => it.join(''));
  fc.assert(
    fc.property(kinds, fc.nat(12), (all, applied) => {
      const had = Math.min(applied, all.length);
      const compared = compareSchema(some(all), has(all.slice(0, had)));
      if (had === all.length) return compared.is === 'current';
      return compared.is === 'behind' && compared.pending.length === all.length - had;
    }),
  );
  t.pass();
});
