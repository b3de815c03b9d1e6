import type { ReleaseRecord } from '../release/record.ts';
import { type Migration, type Schema, schemaOf } from './migrations.ts';

/** What a release's record says of the database. */
export interface ReleaseSchema extends Schema {
  /** Numbers of the migrations that take something away. */
  readonly contracts: readonly number[];
  /** `repository@sha256:…` of the migrations' image. */
  readonly image: string;
  /** The oldest release that can still run: what the older ones need was taken away. */
  readonly oldest?: string;
}

/**
 * What is recorded of a release's migrations. Those that contract were borne by the release that
 * served meanwhile, so nothing older than that can be gone back to.
 */
export function releaseSchema(
  migrations: readonly Migration[],
  image: string,
  {
    pending,
    serving,
    records,
  }: {
    readonly pending: readonly Migration[];
    readonly serving: ReleaseRecord | undefined;
    readonly records: readonly ReleaseRecord[];
  },
): ReleaseSchema {
  const isContract = ({ kind }: Migration) => kind === 'contract';
  const contracts = migrations.filter(isContract).map(({ id }) => id);
  // Where nobody could say what is pending, what the last proven release had is not.
  const had = serving?.release.schema?.version ?? 0;
  const contracting = pending.some((it) => isContract(it) && it.id > had);
  const oldest = contracting ? serving?.release.id : oldestOf(records);
  return { ...schemaOf(migrations), contracts, image, ...(oldest ? { oldest } : {}) };
}

/** The schema of a release that brings back what an earlier one had: the database stays as it is. */
export function restoredSchema(
  to: ReleaseRecord,
  records: readonly ReleaseRecord[],
): ReleaseSchema | undefined {
  const { schema } = to.release;
  const oldest = oldestOf(records);
  return schema && { ...schema, ...(oldest ? { oldest } : {}) };
}

/** The oldest release that can run on the present schema; undefined if all can. */
export function oldestOf(records: readonly ReleaseRecord[]): string | undefined {
  const known = records.flatMap(({ release }) => release.schema?.oldest ?? []);
  return known.toSorted().at(-1);
}
