import { hostsOf } from '../health/declared-hosts.ts';
import type { IngressHost } from '../health/vantage-points.ts';
import type { Target } from '../target/target.ts';
import { readManifests, readRecords } from './records.ts';
import { newestProven } from './way-back.ts';

/** The hosts of the newest proven release; none where nothing was proven yet. */
export async function provenHosts(
  target: Target,
  overlay: string,
): Promise<readonly IngressHost[]> {
  const record = newestProven(await readRecords(target), overlay);
  return record ? hostsOf(await readManifests(target, record.release.id)) : [];
}
