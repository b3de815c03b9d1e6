import { PipelineError } from '../errors.ts';
import type { ReleaseRecord } from './record.ts';

/** The record of a release, or of the newest one; throws, with what there is, if there is none. */
export function findRecord(
  records: readonly ReleaseRecord[],
  { overlay, id }: { readonly overlay: string; readonly id?: string | undefined },
): ReleaseRecord {
  const own = records.filter(({ release }) => release.overlay === overlay);
  const found = id === undefined ? own[0] : own.find(({ release }) => release.id === id);
  if (found) return found;
  if (own.length === 0) {
    throw new PipelineError(
      'RELEASE_UNKNOWN',
      `No release of ${overlay} is recorded in the cluster.`,
    );
  }
  throw new PipelineError('RELEASE_UNKNOWN', `No release ${JSON.stringify(id)} is recorded.`, {
    cure: ['Choose one of:', ...own.map(({ release }) => `  ${release.id}`)].join('\n'),
  });
}
