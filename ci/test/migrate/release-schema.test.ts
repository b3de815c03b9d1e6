import test from 'ava';
import { oldestOf, restoredSchema } from '../../src/migrate/release-schema.ts';
import { chooseRollback } from '../../src/release/choose-rollback.ts';
import { idAt, provenWith } from './some-migrations.ts';

const first = provenWith(8, 'e');
const second = provenWith(9, 'ee', { records: [first], had: 'e' });
const third = provenWith(10, 'eec', { records: [first, second], had: 'ee' });
const fourth = provenWith(11, 'eece', { records: [first, second, third], had: 'eec' });
const asked = { overlay: 'production', services: [] };

test('release – made over migrations that only add – leaves every older one possible', (t) => {
  t.is(oldestOf([first, second]), undefined);
  t.is(chooseRollback([first, second], asked).to.release.id, idAt(8));
});

test('release – with one that contracts – can go back to what served meanwhile, and no further', (t) => {
  t.is(third.release.schema?.oldest, idAt(9));
  t.is(fourth.release.schema?.oldest, idAt(9), 'what came later knows it too');
  const records = [first, second, third, fourth];
  t.is(chooseRollback(records, { ...asked, to: idAt(9) }).to.release.id, idAt(9));
  t.throws(() => chooseRollback(records, { ...asked, to: idAt(8) }), {
    code: 'RELEASE_TOO_OLD',
    message: /Release 20261122t080000z-fedcba9 needs what a later migration took away/,
  });
});

test('rollback – nothing told, and the one before is too old – says so', (t) => {
  t.throws(() => chooseRollback([first, { ...third }], asked), { code: 'RELEASE_TOO_OLD' });
});

test('rollback – what it records – is the restored release’s schema, and the bound stays', (t) => {
  const schema = restoredSchema(second, [first, second, third]);
  t.is(schema?.version, 2);
  t.is(schema?.oldest, idAt(9));
  t.is(
    restoredSchema({ ...first, release: { ...first.release, schema: undefined as never } }, []),
    undefined,
  );
});
