import type { FoundImage } from '../images/find-images.ts';
import { type Comparison, compareSchema } from '../migrate/compare.ts';
import { databaseName } from '../migrate/migration-job.ts';
import { type Migration, migrationLabel, type Schema } from '../migrate/migrations.ts';
import { refuseUnsafe } from '../migrate/refuse-unsafe.ts';
import { readRecords } from '../release/records.ts';
import { newestProven } from '../release/way-back.ts';
import type { Target } from '../target/target.ts';
import { attempt, type Finding } from './finding.ts';
import type { MigrationsPlan } from './plan.ts';

/** Which migrations a deploy would run; what would keep it from that becomes an obstacle. */
export async function planMigrations(
  {
    overlay,
    migrations,
    images,
    asked,
  }: {
    readonly overlay: string;
    readonly migrations: readonly Migration[];
    readonly images: readonly FoundImage[] | undefined;
    /** The cluster, and what it said of the database; absent where it could not be asked. */
    readonly asked: { readonly target: Target; readonly schema: Schema | undefined } | undefined;
  },
  obstacles: Finding[],
): Promise<MigrationsPlan> {
  const comparison = compareSchema(migrations, asked?.schema);
  if (asked) await attempt(obstacles, () => refuseAsDeploy(comparison, overlay, migrations, asked));
  const found = images?.find(({ service }) => service === databaseName);
  return {
    database: comparison.is,
    image: found ? (found.digest === undefined ? 'to build' : 'there') : 'unknown',
    pending:
      'pending' in comparison
        ? comparison.pending.map((it) => ({ migration: migrationLabel(it), kind: it.kind }))
        : [],
  };
}

async function refuseAsDeploy(
  comparison: Comparison,
  overlay: string,
  migrations: readonly Migration[],
  { target, schema }: { readonly target: Target; readonly schema: Schema | undefined },
): Promise<void> {
  const contracts =
    'pending' in comparison && comparison.pending.some((it) => it.kind !== 'expand');
  if (comparison.is === 'current' || ('pending' in comparison && !contracts)) return;
  const records = await readRecords(target);
  const serving = newestProven(records, overlay);
  refuseUnsafe(comparison, { migrations, serving, records, running: schema !== undefined });
}
