import type { FoundImage } from '../images/find-images.ts';
import { type Comparison, compareSchema } from '../migrate/compare.ts';
import { databaseName } from '../migrate/migration-job.ts';
import { type Migration, migrationLabel } from '../migrate/migrations.ts';
import { refuseUnsafe } from '../migrate/refuse-unsafe.ts';
import { newestProven } from '../release/way-back.ts';
import type { Asked } from './ask-cluster.ts';
import { attempt, type Finding } from './finding.ts';
import type { MigrationsPlan } from './plan.ts';

type Told = Pick<Asked, 'schema' | 'records'>;

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
    /** What the cluster said of the database and of releases; absent where it could not be asked. */
    readonly asked: Told | undefined;
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

function refuseAsDeploy(
  comparison: Comparison,
  overlay: string,
  migrations: readonly Migration[],
  { records, schema }: Told,
): void {
  const contracts =
    'pending' in comparison && comparison.pending.some((it) => it.kind !== 'expand');
  if (comparison.is === 'current' || ('pending' in comparison && !contracts)) return;
  const serving = newestProven(records, overlay);
  refuseUnsafe(comparison, { migrations, serving, records, running: schema !== undefined });
}
