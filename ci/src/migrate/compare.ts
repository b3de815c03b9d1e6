import { type Migration, type Schema, schemaOf } from './migrations.ts';

/** How a database stands to the migrations of a release. */
export type Comparison =
  /** Nobody could say; the migrations themselves will see. */
  | { readonly is: 'unknown'; readonly pending: readonly Migration[] }
  | { readonly is: 'current' }
  | { readonly is: 'behind'; readonly pending: readonly Migration[] }
  /** It has more of them than the release. */
  | { readonly is: 'ahead'; readonly live: Schema }
  /** It has others. */
  | { readonly is: 'other'; readonly live: Schema };

/** Compares what a database has been given with what a release brings. */
export function compareSchema(
  migrations: readonly Migration[],
  live: Schema | undefined,
): Comparison {
  if (!live) return { is: 'unknown', pending: migrations };
  if (live.version > migrations.length) return { is: 'ahead', live };
  const same = schemaOf(migrations.slice(0, live.version)).digest === live.digest;
  if (!same) return { is: 'other', live };
  if (live.version === migrations.length) return { is: 'current' };
  return { is: 'behind', pending: migrations.slice(live.version) };
}
