import type { KubectlCall, Target } from '../target/target.ts';
import type { Snapshot } from './kubernetes.ts';
import { podsOf } from './pods-of.ts';
import type { Verdict } from './verdict.ts';

/** What proves a verdict: the log of the container that shows it, and Kubernetes' own warnings. */
export interface Evidence {
  readonly service: string;
  /** The pod whose log it is. */
  readonly pod?: string;
  readonly log: readonly string[];
  readonly warnings: readonly string[];
}

const logLines = 25;
/** Characters of one line that are shown; a stack in one line of JSON is still readable. */
const lineLength = 600;

/** Fetches the evidence for all failed verdicts in one round trip. */
export async function collectEvidence(
  target: Target,
  failed: readonly Verdict[],
  snapshot: Snapshot,
): Promise<Evidence[]> {
  const withLog = failed.filter((verdict) => verdict.pod !== undefined);
  // The container may have been started again since the snapshot: ask for both of its logs.
  const calls = withLog.flatMap((verdict) => [
    logCall(verdict, verdict.previousLog ?? false),
    logCall(verdict, !verdict.previousLog),
  ]);
  const outputs = await target.kubectl(calls);
  return failed.map((verdict) => {
    const first = withLog.indexOf(verdict) * 2;
    const logs = first < 0 ? [] : outputs.slice(first, first + 2);
    const log = logs.find((output) => output.exitCode === 0 && output.stdout.trim() !== '');
    return {
      service: verdict.service,
      ...(verdict.pod ? { pod: verdict.pod } : {}),
      log: log ? tail(log.stdout) : [],
      warnings: warningsOf(verdict, snapshot),
    };
  });
}

function logCall(verdict: Verdict, previous: boolean): KubectlCall {
  const args = [
    'logs',
    verdict.pod ?? '',
    '--container',
    verdict.container ?? verdict.service,
    `--tail=${logLines}`,
  ];
  return { args: previous ? [...args, '--previous'] : args };
}

const tail = (text: string): string[] =>
  text
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .slice(-logLines)
    .map((line) => line.slice(0, lineLength));

/**
 * Warnings about the pod that shows the failure, else about the service's Deployment, its newest
 * ReplicaSet and that one's pods; the newest last, each once. Kubernetes keeps warnings for an hour,
 * so those about earlier ReplicaSets belong to earlier releases.
 */
export function warningsOf(verdict: Verdict, snapshot: Snapshot): string[] {
  const subjects = new Set(verdict.pod ? [`Pod/${verdict.pod}`] : subjectsOf(verdict, snapshot));
  const lines = snapshot.warnings
    .filter((warning) => subjects.has(warning.object))
    .toSorted((a, b) => (a.lastSeen < b.lastSeen ? -1 : a.lastSeen > b.lastSeen ? 1 : 0))
    .map(({ object, reason, message, count }) => {
      const times = count > 1 ? ` (${count}×)` : '';
      return `${reason}${times} ${object}: ${message.slice(0, lineLength)}`;
    });
  return [...new Set(lines)].slice(-8);
}

function subjectsOf({ service }: Verdict, snapshot: Snapshot): string[] {
  const deployment = snapshot.deployments.find((candidate) => candidate.name === service);
  if (!deployment) return [];
  const { newest, newPods, deadPods } = podsOf(deployment, snapshot);
  return [
    `Deployment/${service}`,
    ...(newest ? [`ReplicaSet/${newest.name}`] : []),
    ...[...newPods, ...deadPods].map((pod) => `Pod/${pod.name}`),
  ];
}
