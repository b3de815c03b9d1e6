import type { Clock } from '../clock.ts';
import { judge } from '../rollout/judge.ts';
import type { Snapshot } from '../rollout/kubernetes.ts';
import { takeSnapshot } from '../rollout/snapshot.ts';
import type { Service } from '../services.ts';
import type { Target } from '../target/target.ts';
import { type Finding, type Identity, judgeAnswer } from './identity.ts';
import { type Endpoints, probesFor, readEndpoints } from './vantage-points.ts';

export interface VerifyOptions {
  readonly target: Target;
  readonly services: readonly Service[];
  /** `src-…` tag that each service must answer with; else the one that its Deployment records. */
  readonly sources?: ReadonlyMap<string, string>;
  readonly clock: Clock;
  /** Seconds for which all must stay healthy once they are. */
  readonly soakSeconds: number;
  readonly say: (line: string) => void;
}

export interface ServiceHealth {
  readonly service: string;
  readonly critical: boolean;
  readonly healthy: boolean;
  /** What was asked and answered, all in one sentence. */
  readonly message: string;
  readonly findings: readonly Finding[];
  readonly source: string;
  readonly commit: string;
}

/**
 * Seconds before each attempt at the latest: six attempts within five and a half minutes, the
 * founding document's budget. An attempt comes sooner when anything changes in the cluster.
 */
export const attemptDelays: readonly number[] = [0, 2, 8, 30, 90, 200];

const pauseMs = 1_000;
const soakPauseMs = 2_000;

/** Asks all services from every vantage point until all are healthy, and then for the soak. */
export async function verifyHealth(options: VerifyOptions): Promise<ServiceHealth[]> {
  const { target, say } = options;
  const endpoints = await readEndpoints(target);
  let last: ServiceHealth[] = [];
  let seen = '';
  for (const [index, delay] of attemptDelays.entries()) {
    const snapshot = await nextSnapshot(options, seen, delay);
    seen = signature(snapshot);
    last = await attempt(options, endpoints, snapshot);
    const sick = last.filter((health) => !health.healthy);
    if (sick.length === 0) break;
    for (const { service, message } of sick) {
      say(`${service}: attempt ${index + 1} of ${attemptDelays.length}: ${message}`);
    }
    if (sick.every(({ service }) => judge(service, snapshot).state === 'failed')) break;
  }
  return last.some((health) => !health.healthy) ? last : soak(options, endpoints, last);
}

/** Waits until the cluster looks different than at the last attempt, or the delay is over. */
async function nextSnapshot(
  { target, clock }: VerifyOptions,
  seen: string,
  delaySeconds: number,
): Promise<Snapshot> {
  const deadline = clock.monotonic() + delaySeconds * 1_000;
  for (;;) {
    const snapshot = await takeSnapshot(target);
    if (clock.monotonic() >= deadline || signature(snapshot) !== seen) return snapshot;
    await clock.sleep(Math.min(pauseMs, Math.max(0, deadline - clock.monotonic())));
  }
}

/** Everything whose change may change an answer. */
function signature(snapshot: Snapshot): string {
  return JSON.stringify([
    snapshot.deployments.map((it) => [it.name, it.generation, it.status]),
    snapshot.pods.map((it) => [it.uid, it.deleting, it.status]),
  ]);
}

async function attempt(
  { target, services, sources }: VerifyOptions,
  endpoints: Endpoints,
  snapshot: Snapshot,
): Promise<ServiceHealth[]> {
  const probes = services.flatMap((service) => probesFor(service, snapshot, endpoints));
  const answers = await target.probe(probes);
  const siblings = new Set(services.map((service) => service.name));
  return services.map((service) => {
    const deployment = snapshot.deployments.find((candidate) => candidate.name === service.name);
    const source = sources?.get(service.name) ?? deployment?.source ?? '';
    const identity: Identity = { service: service.name, source };
    const findings = answers
      .filter((answer) => answer.probe.service === service.name)
      .map((answer) => judgeAnswer(answer, identity, siblings));
    const verdict = judge(service.name, snapshot);
    const broken = findings.find((finding) => !finding.healthy);
    const rolledOut = verdict.state === 'ready';
    return {
      service: service.name,
      critical: service.critical,
      healthy: rolledOut && !broken && findings.length > 0,
      message: describe(rolledOut ? undefined : verdict.message, broken, findings),
      findings,
      source,
      commit: deployment?.commit ?? '',
    };
  });
}

function describe(
  rollout: string | undefined,
  broken: Finding | undefined,
  findings: readonly Finding[],
): string {
  if (rollout) return rollout;
  if (broken) return `${broken.via} ${broken.subject} ${broken.message}`;
  if (findings.length === 0) return 'there is nothing to ask: no pod, no Service';
  const count = (via: Finding['via']) => findings.filter((finding) => finding.via === via).length;
  const parts = [`${count('pod')} pod${count('pod') === 1 ? '' : 's'}`];
  if (count('service') > 0) parts.push('Service');
  if (count('ingress') > 0) parts.push(`${count('ingress')} ingress hosts`);
  return parts.join(', ');
}

/** Keeps asking for the soak; a service that is ill twice in a row ends it. */
async function soak(
  options: VerifyOptions,
  endpoints: Endpoints,
  healthy: ServiceHealth[],
): Promise<ServiceHealth[]> {
  const { target, clock, soakSeconds, say } = options;
  const deadline = clock.monotonic() + soakSeconds * 1_000;
  let last = healthy;
  if (soakSeconds > 0) say(`all healthy; watching for ${soakSeconds} s that it stays so`);
  while (clock.monotonic() < deadline) {
    await clock.sleep(Math.min(soakPauseMs, Math.max(0, deadline - clock.monotonic())));
    const before = last;
    last = await attempt(options, endpoints, await takeSnapshot(target));
    const ill = (health: ServiceHealth) => !health.healthy;
    if (last.some(ill) && before.some(ill)) return last;
  }
  return last;
}
