import { cures } from '../rollout/verdict.ts';
import { evidenceLines } from './evidence-text.ts';
import { firstErrorLine } from './first-error-line.ts';
import { imageChange } from './image-change.ts';
import { readyText } from './ready-text.ts';
import type { Release, ServiceResult, WentBack } from './release.ts';
import { textTable } from './text-table.ts';

/** A release as a person reads it: a table, below it what failed and why, and the outcome last. */
export function releaseText(release: Release): string {
  const { seconds } = release;
  const head = [
    `Release ${release.id}`,
    `  ${release.overlay} on ${release.target}, commit ${release.commit.slice(0, 12)} of ${release.branch}`,
  ];
  const rows = [['SERVICE', 'IMAGE', 'READY', 'RESTARTS', 'VERDICT'], ...release.services.map(row)];
  const [columns = '', ...lines] = textTable(rows).split('\n');
  const failures = release.services
    .filter((it) => !it.proven)
    .map((it) => failure(it, release.wentBack));
  const times = `images ${text(seconds.images)}, apply ${text(seconds.apply)}, serving ${text(seconds.serving)}, verified ${text(seconds.verified)}`;
  return [
    ...head,
    '',
    columns,
    ...lines.flatMap((line, index) => [line, ...firstError(release.services[index])]),
    ...failures.flatMap((lines) => ['', ...lines]),
    '',
    ...summary(release),
    `Took ${text(seconds.total)}: ${times}.`,
  ].join('\n');
}

const text = (seconds: number): string => `${seconds.toFixed(1)} s`;

function row(it: ServiceResult): string[] {
  return [
    it.service,
    imageChange(it),
    readyText(it),
    it.newPods === 0 ? '' : String(it.restarts ?? 0),
    // Why stands below, where there is room for it.
    it.proven ? 'proven' : it.code,
  ];
}

/** Columns of a terminal that was never made wider. */
const width = 80;

function firstError(it: ServiceResult | undefined): string[] {
  const line = it?.proven === false ? firstErrorLine(it) : '';
  if (line === '') return [];
  return [`  ${line.length > width - 2 ? `${line.slice(0, width - 3)}…` : line}`];
}

function failure(it: ServiceResult, wentBack: WentBack | undefined): string[] {
  const lines = [`${it.service}${it.critical ? ' (critical)' : ''}: ${it.code}: ${it.message}`];
  const cure = it.code === 'HEALTHY' || it.code === 'UNHEALTHY' ? undefined : cures[it.code];
  if (cure) lines.push(`  ${cure}`);
  lines.push(`  ${whoServes(it, wentBack)}`);
  return [...lines, ...evidenceLines(it.evidence)];
}

/** A rolling update ends no old pod before a new one is ready. */
function whoServes(it: ServiceResult, wentBack: WentBack | undefined): string {
  if (wentBack?.proven && wentBack.services.includes(it.service)) {
    return wentBack.to === 'found'
      ? 'What served before serves again.'
      : `Release ${wentBack.to} of it serves again.`;
  }
  return it.readySeconds === undefined
    ? 'Its earlier pods go on serving, if there were any.'
    : 'Its earlier pods are gone; the new ones are all that serves.';
}

function summary(release: Release): string[] {
  const { state, services } = release;
  if (state === 'verified') {
    return [`Verified: all ${services.length} services serve this release.`];
  }
  const names = services.filter((it) => !it.proven).map((it) => it.service);
  const what = `${names.join(', ')} could not be proven.`;
  if (state === 'rolled-back') return [`Rolled back: ${what}`, end(release)];
  if (state === 'degraded') {
    const but = names.join(', ');
    return [`Degraded: every critical service serves this release, but not ${but}.`, end(release)];
  }
  const proven = services.filter((it) => it.proven).map((it) => it.service);
  const still = proven.length > 0 && !release.wentBack?.proven;
  const others = still ? ` These serve this release: ${proven.join(', ')}.` : '';
  return [`Failed: ${what}${others}`, end(release)];
}

/** What was done about it, and what to do. */
function end({ wentBack }: Release): string {
  const again = 'mend the cause and deploy again';
  if (!wentBack) {
    return `Nothing was undone, since there is no other proven release: ${again}, or deploy an earlier commit.`;
  }
  const { to, as, proven } = wentBack;
  if (to === 'found') {
    return proven
      ? `The takeover is undone, and what served before serves again: ${again}.`
      : `The takeover could not be undone: ${wentBack.trouble}.`;
  }
  if (!proven) return `Going back to release ${to} failed too: ${wentBack.trouble}.`;
  const back =
    as === undefined ? `It is back at release ${to}` : `Release ${to} serves again, as ${as}`;
  return `${back}: ${again}.`;
}
