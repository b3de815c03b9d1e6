import { PipelineError } from '../errors.ts';
import { oldestOf } from '../migrate/release-schema.ts';
import { findService, services as platform } from '../services.ts';
import type { ReleaseRecord } from './record.ts';
import { isProven, newestProven, type WayBack } from './way-back.ts';

export interface RollbackChoice extends WayBack {
  /** The release that serves now. */
  readonly serving: ReleaseRecord;
}

/** Which release to go back to, and with which services. Throws, with what there is, if none fits. */
export function chooseRollback(
  records: readonly ReleaseRecord[],
  asked: {
    readonly overlay: string;
    readonly to?: string | undefined;
    readonly services: readonly string[];
    /** Ids of releases whose images are gone, which are passed over. */
    readonly gone?: readonly string[];
  },
): RollbackChoice {
  const { overlay, gone = [] } = asked;
  const serving = newestProven(records, overlay);
  if (!serving) {
    throw new PipelineError('RELEASE_UNKNOWN', 'No proven release is recorded in the cluster.', {
      cure: 'Deploy a commit that is known to be good.',
    });
  }
  const to =
    asked.to === undefined ? before(serving, records, gone) : find(asked.to, records, overlay);
  refuseTooOld(to, records);
  const services = together(asked.services);
  const whole = services.length === 0;
  const never = services.filter((name) => to.standing[name]?.proven !== true);
  if (never.length > 0) {
    throw new PipelineError(
      'RELEASE_NOT_PROVEN',
      `Release ${to.release.id} never proved ${never.join(', ')}.`,
      { cure: choices(records, overlay) },
    );
  }
  return { serving, to, whole, services: whole ? Object.keys(to.standing) : services };
}

/** What a migration took away does not come back: no schema is ever rolled back. */
function refuseTooOld({ release: { id } }: ReleaseRecord, records: readonly ReleaseRecord[]): void {
  const oldest = oldestOf(records);
  if (oldest === undefined || id >= oldest) return;
  throw new PipelineError(
    'RELEASE_TOO_OLD',
    `Release ${id} needs what a later migration took away from the database.`,
    { cure: `The oldest release that can still run is ${oldest}.` },
  );
}

/** The critical services belong together: one of them takes the others along. */
function together(names: readonly string[]): readonly string[] {
  const found = new Set(names.map(findService));
  const all = [...found].some((service) => service.critical)
    ? platform.filter((service) => service.critical || found.has(service))
    : platform.filter((service) => found.has(service));
  return all.map((service) => service.name);
}

function before(
  serving: ReleaseRecord,
  records: readonly ReleaseRecord[],
  gone: readonly string[],
): ReleaseRecord {
  const { overlay, id, restores, restoredServices } = serving.release;
  // What serves after a rollback is as old as what was restored: going back again goes beyond that.
  const age = restoredServices ? id : (restores ?? id);
  const older = records.filter((it) => it.release.id < age && !gone.includes(it.release.id));
  const found = newestProven(older, overlay);
  if (found) return found;
  const what = `No proven release before ${id} is recorded`;
  const passed = gone.length > 0 ? ` whose images are still there: not ${gone.join(', ')}` : '';
  throw new PipelineError('RELEASE_UNKNOWN', `${what}${passed}.`, {
    cure: 'Deploy an earlier commit instead.',
  });
}

function find(id: string, records: readonly ReleaseRecord[], overlay: string): ReleaseRecord {
  const found = records.find(({ release }) => release.id === id && release.overlay === overlay);
  if (!found) {
    throw new PipelineError('RELEASE_UNKNOWN', `No release ${JSON.stringify(id)} is recorded.`, {
      cure: choices(records, overlay),
    });
  }
  if (isProven(found)) return found;
  throw new PipelineError(
    'RELEASE_NOT_PROVEN',
    `Release ${id} is ${found.release.state}: it was never proven.`,
    { cure: choices(records, overlay) },
  );
}

export function choices(records: readonly ReleaseRecord[], overlay: string): string {
  const ids = records
    .filter((it) => it.release.overlay === overlay && isProven(it))
    .map(
      ({ release: { id, commit, startedAt } }) => `  ${id}  ${commit.slice(0, 12)}  ${startedAt}`,
    );
  return ['Choose one of the proven releases:', ...ids].join('\n');
}
