import type { ReleaseRecord } from '../release/record.ts';
import type { Release } from './release.ts';
import { textTable } from './text-table.ts';

/** The recorded releases as a person reads them, the newest first. */
export function releasesText(records: readonly ReleaseRecord[]): string {
  if (records.length === 0) return 'No release is recorded.';
  const head = ['RELEASE', 'STATE', 'COMMIT', 'BRANCH', 'BUILT', 'TOOK', ''];
  const rows = records.map(({ release }) => [
    release.id,
    release.state,
    release.commit.slice(0, 12),
    release.branch,
    String(release.services.filter((it) => it.built).length),
    release.state === 'deploying' ? '' : `${Math.round(release.seconds.total)} s`,
    note(release),
  ]);
  return textTable([head, ...rows]);
}

function note({ restores, restoredServices, wentBack, services }: Release): string {
  if (restores) return `restores ${restores}${named(restoredServices)}`;
  if (wentBack?.as) return `went back to ${wentBack.to} as ${wentBack.as}`;
  if (wentBack) return `went back to ${wentBack.to}${named(wentBack.services)}`;
  const unproven = services.filter((it) => !it.proven).map((it) => it.service);
  return unproven.length > 0 ? `not proven: ${unproven.join(', ')}` : '';
}

const named = (services: readonly string[] | undefined): string =>
  services ? ` (${services.join(', ')})` : '';
