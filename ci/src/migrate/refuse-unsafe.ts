import { PipelineError } from '../errors.ts';
import type { ReleaseRecord } from '../release/record.ts';
import type { Comparison } from './compare.ts';
import { type Migration, migrationLabel } from './migrations.ts';

export interface Surroundings {
  readonly migrations: readonly Migration[];
  /** The proven release that serves. */
  readonly serving: ReleaseRecord | undefined;
  readonly records: readonly ReleaseRecord[];
  /** Whether anything of the platform runs that could need what is taken away. */
  readonly running: boolean;
}

/** Throws, before anything is touched, where what serves or what comes could not bear the schema. */
export function refuseUnsafe(comparison: Comparison, around: Surroundings): void {
  if (comparison.is === 'ahead') refuseAhead(comparison.live, around);
  if (comparison.is === 'other') {
    throw refused(
      `The first ${comparison.live.version} migrations of the database are not those of this commit.`,
      'A migration that was applied must stay as it was: restore the file, and put the change into a new one.',
    );
  }
  if (comparison.is === 'behind' || comparison.is === 'unknown') {
    refuseContract(comparison.pending, around);
  }
}

/**
 * A migration that takes something away runs while the release before it serves. That one must not
 * need it any more: it has to be proven with all that was added before.
 */
function refuseContract(pending: readonly Migration[], around: Surroundings): void {
  if (!around.running && !around.serving) return;
  const proven = around.serving?.release.schema?.version ?? 0;
  for (const contract of pending.filter(({ kind }) => kind === 'contract')) {
    const needed = around.migrations.findLast(
      ({ id, kind }) => id < contract.id && kind === 'expand',
    );
    if (!needed || needed.id <= proven) continue;
    throw refused(
      `${migrationLabel(contract)} takes away what the release that serves may still need: no proven release has run with ${migrationLabel(needed)}.`,
      `Deploy a commit whose newest migration is ${migrationLabel(needed)} first; once that is verified, deploy this one.`,
    );
  }
}

/** An earlier commit: what was only added since does not hurt it. */
function refuseAhead(live: { version: number; digest: string }, around: Surroundings): void {
  const made = around.records.find(({ release }) => release.schema?.digest === live.digest);
  const newest = around.migrations.length;
  const contracts = made?.release.schema?.contracts.filter((id) => id > newest);
  if (contracts?.length === 0) return;
  const what =
    contracts === undefined
      ? 'and no record here says what came since'
      : `and number ${contracts.join(', ')} took away what this commit may need`;
  throw refused(
    `The database has migrations up to number ${live.version}, this commit up to ${newest}, ${what}.`,
    'Deploy a commit that has the same migrations.',
  );
}

const refused = (what: string, cure: string) =>
  new PipelineError('MIGRATION_REFUSED', what, { cure });
