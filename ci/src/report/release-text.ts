import { cures } from '../rollout/verdict.ts';
import type { Release, ServiceResult } from './release.ts';
import { textTable } from './text-table.ts';

/** A release as a person reads it: a line for the whole, a table, and below it what failed and why. */
export function releaseText(release: Release): string {
  const { seconds } = release;
  const head = [
    `Release ${release.id}`,
    `  ${release.overlay} on ${release.target}, commit ${release.commit.slice(0, 12)} of ${release.branch}`,
  ];
  const rows = [['SERVICE', 'IMAGE', 'PODS', 'ROLLOUT', 'HEALTH'], ...release.services.map(row)];
  const failures = release.services.filter((it) => !it.proven).map(failure);
  const times = `images ${text(seconds.images)}, apply ${text(seconds.apply)}, serving ${text(seconds.serving)}, verified ${text(seconds.verified)}`;
  return [
    ...head,
    '',
    textTable(rows),
    ...failures.flatMap((lines) => ['', ...lines]),
    '',
    `${summary(release)} in ${text(seconds.total)} (${times})`,
  ].join('\n');
}

const text = (seconds: number): string => `${seconds.toFixed(1)} s`;

function row(it: ServiceResult): string[] {
  return [
    it.service,
    `${it.source.slice(0, 12)} ${it.built ? 'built' : 'kept'}`,
    it.newPods === 0 ? 'kept' : `${it.newPods} new`,
    it.readySeconds === undefined ? 'failed' : it.newPods === 0 ? 'none' : text(it.readySeconds),
    it.proven ? it.message : `${it.code}: ${it.message}`,
  ];
}

function failure(it: ServiceResult): string[] {
  const lines = [`${it.service}: ${it.message}`];
  const cure = it.code === 'HEALTHY' || it.code === 'UNHEALTHY' ? undefined : cures[it.code];
  if (cure) lines.push(`  ${cure}`);
  for (const warning of it.evidence?.warnings ?? []) lines.push(`  warning: ${warning}`);
  const log = it.evidence?.log ?? [];
  if (log.length > 0) lines.push('  last lines of its log:', ...log.map((line) => `    ${line}`));
  return lines;
}

function summary(release: Release): string {
  const broken = release.services.filter((it) => !it.proven).map((it) => it.service);
  if (release.state === 'verified') {
    return `Verified: all ${release.services.length} services serve this release,`;
  }
  if (release.state === 'degraded') {
    return `Degraded: every critical service serves this release, but not ${broken.join(', ')},`;
  }
  return `Failed: ${broken.join(', ')} could not be proven; old pods serve where there are any,`;
}
