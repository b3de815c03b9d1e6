import test from 'ava';
import { compareSchema } from '../../src/migrate/compare.ts';
import { refuseUnsafe } from '../../src/migrate/refuse-unsafe.ts';
import type { ReleaseRecord } from '../../src/release/record.ts';
import { earlierRelease } from '../release/earlier.ts';
import { has, provenWith, some } from './some-migrations.ts';

/** Deploys `kinds` onto a database with `had`, over the newest of the records. */
function refusal(
  kinds: string,
  had: string | undefined,
  records: readonly ReleaseRecord[],
  running = true,
): string | undefined {
  const migrations = some(kinds);
  const live = had === undefined ? undefined : has(had);
  try {
    const around = { migrations, serving: records.at(-1), records, running };
    refuseUnsafe(compareSchema(migrations, live), around);
    return undefined;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return code === 'MIGRATION_REFUSED' ? message : `unexpected: ${message}`;
  }
}

test('contract – the release that serves was proven with what was added – may run', (t) => {
  t.is(refusal('eec', 'ee', [provenWith(9, 'ee')]), undefined);
  t.is(refusal('eecc', 'ee', [provenWith(9, 'ee')]), undefined, 'two in a row');
});

test('contract – together with what it follows, over a release that runs – is refused by name', (t) => {
  const told = refusal('eec', 'e', [provenWith(9, 'e')]);
  t.regex(told ?? '', /003-step-3 takes away .* no proven release has run with 002-step-2\./);
  t.regex(told ?? '', /Deploy a commit whose newest migration is 002-step-2 first/);
  t.regex(refusal('ecec', 'e', [provenWith(9, 'e')]) ?? '', /^004-step-4/);
});

test('contract – nothing was ever proven – is refused while something runs, else it may', (t) => {
  t.is(refusal('eec', undefined, [], false), undefined, 'the very first release');
  t.regex(refusal('eec', undefined, []) ?? '', /003-step-3/);
  const before = earlierRelease();
  t.regex(refusal('eec', 'ee', [before]) ?? '', /003-step-3/, 'a record without a schema');
});

test('contract – long applied, and no service says so – refuses nothing', (t) => {
  t.is(refusal('eece', undefined, [provenWith(9, 'eec')]), undefined);
});

test('expand – over whatever serves – may run', (t) => {
  t.is(refusal('eee', 'e', [provenWith(9, 'e')]), undefined);
  t.is(refusal('eee', undefined, []), undefined);
});

test('an earlier commit – over migrations that only added – is taken, over others refused', (t) => {
  t.is(refusal('e', 'eee', [provenWith(9, 'e'), provenWith(10, 'eee')]), undefined);
  const told = refusal('ee', 'eec', [provenWith(9, 'ee'), provenWith(10, 'eec')]);
  t.regex(told ?? '', /up to number 3, this commit up to 2, and number 3 took away/);
  t.regex(refusal('e', 'ee', [provenWith(9, 'e')]) ?? '', /no record here says what came since/);
});

test('an edited migration – already in the database – is refused', (t) => {
  const migrations = some('ee').map((it) => ({ ...it, checksum: `${it.checksum} edited` }));
  const around = { migrations, serving: undefined, records: [], running: true };
  t.throws(() => refuseUnsafe(compareSchema(migrations, has('ee')), around), {
    code: 'MIGRATION_REFUSED',
    message: /The first 2 migrations of the database are not those of this commit/,
  });
});
