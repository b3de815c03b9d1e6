import { type Migration, type Schema, schemaOf } from '../../src/migrate/migrations.ts';
import { releaseSchema } from '../../src/migrate/release-schema.ts';
import type { ReleaseRecord } from '../../src/release/record.ts';
import { earlierRelease } from '../release/earlier.ts';

/** Migrations by their kinds, such as `eec`: two that expand and then one that contracts. */
export const some = (kinds: string): readonly Migration[] =>
  [...kinds].map((letter, index) => ({
    id: index + 1,
    name: `step-${index + 1}`,
    kind: letter === 'c' ? 'contract' : 'expand',
    checksum: `sum-${index + 1}`,
  }));

/** The schema of a database that has these. */
export const has = (kinds: string): Schema => schemaOf(some(kinds));

export const idAt = (hour: number): string =>
  `20261122t${String(hour).padStart(2, '0')}0000z-fedcba9`;

/** A proven release that was made with these migrations, from a database with `had` of them. */
export function provenWith(
  hour: number,
  kinds: string,
  { records = [], had = kinds }: { records?: readonly ReleaseRecord[]; had?: string } = {},
): ReleaseRecord {
  const pending = some(kinds).slice(had.length);
  const serving = records.at(-1);
  const record = earlierRelease({ id: idAt(hour) });
  const schema = releaseSchema(some(kinds), 'image', { pending, serving, records });
  return { ...record, release: { ...record.release, schema } };
}
