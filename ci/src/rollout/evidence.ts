import { redact, redactAll } from '../redact.ts';
import type { KubectlCall, KubectlOutput, Target } from '../target/target.ts';
import type { Snapshot } from './kubernetes.ts';
import { nodeArgs, nodeFacts, podArgs, podFacts } from './pod-facts.ts';
import { podsOf } from './pods-of.ts';
import { lineLength, trimLog } from './trim-log.ts';
import type { Verdict } from './verdict.ts';

/** What proves a verdict: the log of the container that shows it, and Kubernetes' own warnings. */
export interface Evidence {
  readonly service: string;
  /** The pod whose log it is. */
  readonly pod?: string;
  readonly log: readonly string[];
  /** The log of the same container before or after that. */
  readonly otherLog?: readonly string[];
  readonly warnings: readonly string[];
  /** The containers' states, their probes and limits, and what is wrong with the node. */
  readonly facts?: readonly string[];
}

/** Lines that are fetched of a log; what is kept of them goes by bytes. */
const fetchedLines = 120;

/** Bytes of each part: 15 kB for a service in all. */
const budget = { log: 7_000, otherLog: 2_500, warnings: 3_500, facts: 1_500 } as const;

/** What the release's record keeps of it. */
const recorded = { log: 2_000, otherLog: 500, warnings: 1_000, facts: 700 } as const;

/** Fetches the evidence for all failed verdicts in one round trip, before anything goes back. */
export async function collectEvidence(
  target: Target,
  failed: readonly Verdict[],
  snapshot: Snapshot,
): Promise<Evidence[]> {
  const withLog = failed.filter((verdict) => verdict.pod !== undefined);
  if (withLog.length === 0) return failed.map((verdict) => bare(verdict, snapshot));
  // The container may have been started again since the snapshot: ask for both of its logs.
  const calls = withLog.flatMap((verdict) => [
    logCall(verdict, verdict.previousLog ?? false),
    logCall(verdict, !verdict.previousLog),
    { args: podArgs(verdict.pod ?? '') },
  ]);
  const outputs = await target.kubectl([...calls, { args: nodeArgs }]);
  const ofNodes = nodeFacts(printed(outputs.at(-1)));
  return failed.map((verdict) => {
    const first = withLog.indexOf(verdict) * 3;
    if (first < 0) return bare(verdict, snapshot);
    const [telling, other, spec] = outputs.slice(first, first + 3).map(printed);
    const pod = snapshot.pods.find((it) => it.name === verdict.pod);
    return fit({
      ...bare(verdict, snapshot),
      pod: verdict.pod ?? '',
      log: [telling ?? other ?? ''],
      otherLog: telling === undefined ? [] : [other ?? ''],
      facts: [...podFacts(pod, spec), ...ofNodes],
    });
  });
}

/** What a release's record has room for. */
export const recordedEvidence = (evidence: Evidence): Evidence => fit(evidence, recorded);

/** Hides secrets first, and only then shortens: half a secret would not be recognised. */
function fit(evidence: Evidence, sizes: Record<keyof typeof budget, number> = budget): Evidence {
  const { log, otherLog = [], warnings, facts = [] } = evidence;
  const short = (lines: readonly string[], size: number) =>
    trimLog(redact(lines.map(cut).join('\n')), size);
  const other = short(otherLog, sizes.otherLog);
  const states = short(facts, sizes.facts);
  const { otherLog: _other, facts: _facts, ...rest } = evidence;
  return {
    ...rest,
    log: short(log, sizes.log),
    ...(other.length > 0 ? { otherLog: other } : {}),
    warnings: short(warnings, sizes.warnings),
    ...(states.length > 0 ? { facts: states } : {}),
  };
}

/** Far beyond what is shown of a line, so that no secret is cut that begins in what is shown. */
const cut = (text: string): string =>
  text.replaceAll(new RegExp(`^(.{${4 * lineLength}}).*$`, 'gm'), '$1');

const bare = (verdict: Verdict, snapshot: Snapshot): Evidence =>
  redactAll({ service: verdict.service, log: [], warnings: warningsOf(verdict, snapshot) });

/** Text that a call printed; nothing if it failed or had nothing to say. */
const printed = (output: KubectlOutput | undefined): string | undefined =>
  output?.exitCode === 0 && output.stdout.trim() !== '' ? output.stdout : undefined;

function logCall(verdict: Verdict, previous: boolean): KubectlCall {
  const container = verdict.container ?? verdict.service;
  const args = ['logs', verdict.pod ?? '', '--container', container, `--tail=${fetchedLines}`];
  return { args: previous ? [...args, '--previous'] : args };
}
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
