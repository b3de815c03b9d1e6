import { type Directory, dag } from '@dagger.io/dagger';
import { parseFormat, parseWait, soakSeconds } from '../arguments.ts';
import { systemClock } from '../clock.ts';
import { diagnose } from '../diagnose/diagnose.ts';
import { verifyHealth } from '../health/verify.ts';
import { parseLogOptions } from '../logs/log-options.ts';
import { readLogs } from '../logs/read-logs.ts';
import { findRecord } from '../release/find-record.ts';
import { provenHosts } from '../release/proven-hosts.ts';
import { readRecords } from '../release/records.ts';
import { resolveDead } from '../release/resolve-dead.ts';
import { diagnosisText } from '../report/diagnosis-text.ts';
import { healthResult } from '../report/health-result.ts';
import { logsText } from '../report/logs-text.ts';
import { releasesText } from '../report/releases-text.ts';
import { reportFiles } from '../report/report-files.ts';
import { statusText } from '../report/status-text.ts';
import { findService, type Service, services } from '../services.ts';
import { look } from '../status/ask.ts';
import { judgeStatus } from '../status/judge-status.ts';
import type { Given } from './given.ts';
import { hush, say } from './progress.ts';

/** The services that were named, all if none was. */
const chosen = (names: readonly string[]): readonly Service[] =>
  names.length === 0 ? services : [...new Set(names)].map(findService);

/** Verifies the health of what serves. */
export async function verifyServices(
  given: Given,
  args: {
    readonly overlay: string;
    readonly soak: number;
    readonly format: string;
  },
): Promise<string> {
  const format = parseFormat(args.format);
  const soak = soakSeconds(args.soak, args.overlay);
  const target = await given.reach(args.overlay);
  const results = await verifyHealth({
    target,
    services,
    hosts: await provenHosts(target, args.overlay),
    certificatesCount: true,
    clock: systemClock,
    soakSeconds: soak,
    say,
  }).finally(hush);
  return healthResult(`${args.overlay} on ${target.description}`, results, format);
}

/** The releases on record. */
export async function listReleases(
  given: Given,
  args: { readonly overlay: string; readonly format: string },
): Promise<string> {
  const format = parseFormat(args.format);
  const target = await given.reach(args.overlay);
  const records = await readRecords(target);
  const own = records.filter(({ release }) => release.overlay === args.overlay);
  return format === 'json' ? JSON.stringify(own, undefined, 2) : releasesText(own);
}

/** Says what is wrong with services. */
export async function diagnoseServices(
  given: Given,
  args: {
    readonly overlay: string;
    readonly services: readonly string[];
    readonly format: string;
  },
): Promise<string> {
  const format = parseFormat(args.format);
  const asked = chosen(args.services);
  const target = await given.reach(args.overlay);
  const diagnosis = await diagnose({ target, services: asked });
  const where = `${args.overlay} on ${target.description}`;
  return format === 'json'
    ? JSON.stringify(diagnosis, undefined, 2)
    : diagnosisText(where, diagnosis);
}

/** Logs of services. */
export async function showLogs(
  given: Given,
  args: Parameters<typeof parseLogOptions>[0] & {
    readonly overlay: string;
    readonly services: readonly string[];
    readonly format: string;
  },
): Promise<string> {
  const format = parseFormat(args.format);
  const options = parseLogOptions(args);
  const asked = chosen(args.services);
  const target = await given.reach(args.overlay);
  const logs = await readLogs({ target, services: asked, ...options });
  const where = `${args.overlay} on ${target.description}`;
  return format === 'json' ? JSON.stringify(logs, undefined, 2) : logsText(logs, where);
}

/** How the platform stands; with a wait, a dead release is taken to its end first. */
export async function showStatus(
  given: Given,
  args: {
    readonly overlay: string;
    readonly wait: number;
    readonly format: string;
  },
): Promise<string> {
  const format = parseFormat(args.format);
  const waitSeconds = parseWait(args.wait);
  const { overlay } = args;
  const target = await given.reach(overlay);
  if (waitSeconds > 0) {
    const soak = soakSeconds(undefined, overlay);
    await resolveDead({ overlay, target, waitSeconds, soakSeconds: soak, say }).finally(hush);
  }
  const seen = await look(target, systemClock);
  const status = judgeStatus(seen, { overlay, target: target.description });
  return format === 'json' ? JSON.stringify(status, undefined, 2) : statusText(status);
}

/** The report of a release, as files. */
export async function makeReport(
  given: Given,
  args: {
    readonly overlay: string;
    readonly release: string | undefined;
  },
): Promise<Directory> {
  const records = await readRecords(await given.reach(args.overlay));
  const record = findRecord(records, { overlay: args.overlay, id: args.release });
  return Object.entries(reportFiles(record)).reduce(
    (folder, [name, content]) => folder.withNewFile(name, content),
    dag.directory(),
  );
}
