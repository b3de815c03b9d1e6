import { type Clock, systemClock } from '../clock.ts';
import { attempt, type ServiceHealth } from '../health/attempt.ts';
import { evidenceOfIll } from '../health/evidence.ts';
import { firstCause } from '../health/first-cause.ts';
import { findEndpoints } from '../health/vantage-points.ts';
import { patiently } from '../patiently.ts';
import { redactAll } from '../redact.ts';
import { collectEvidence, type Evidence } from '../rollout/evidence.ts';
import { judge } from '../rollout/judge.ts';
import type { Snapshot } from '../rollout/kubernetes.ts';
import { takeSnapshot } from '../rollout/snapshot.ts';
import { cures, type Verdict, type VerdictCode } from '../rollout/verdict.ts';
import type { Service } from '../services.ts';
import type { Target } from '../target/target.ts';

/** What is the matter with one service right now. */
export interface ServiceDiagnosis {
  readonly service: string;
  readonly critical: boolean;
  readonly well: boolean;
  /** Whether it may pass by itself: a rollout under way, a registry that is away. */
  readonly passing: boolean;
  readonly code: VerdictCode | 'HEALTHY' | 'UNHEALTHY';
  readonly message: string;
  readonly cure?: string;
  readonly evidence?: Evidence;
}

export interface Diagnosis {
  readonly target: string;
  readonly well: boolean;
  /** What several services lack at once, in one sentence. */
  readonly firstCause?: string;
  readonly services: readonly ServiceDiagnosis[];
}

export interface DiagnoseRequest {
  readonly target: Target;
  readonly services: readonly Service[];
  readonly clock?: Clock;
}

/**
 * Says what is wrong on the platform at this moment, by the judge and the evidence of a deploy; asks
 * for the health of what has rolled out. Changes nothing.
 */
export async function diagnose(request: DiagnoseRequest): Promise<Diagnosis> {
  const { target, services, clock = systemClock } = request;
  const snapshot = await patiently(clock, () => takeSnapshot(target));
  const verdicts = services.map(({ name }) => redactAll(judge(name, snapshot)));
  const broken = verdicts.filter((verdict) => verdict.state !== 'ready');
  const standing = services.filter(({ name }) => !broken.some((it) => it.service === name));
  const [evidence, healths] = await Promise.all([
    collectEvidence(target, broken, snapshot),
    standing.length === 0 ? [] : askThem(target, standing, snapshot),
  ]);
  evidence.push(...(await evidenceOfIll(target, healths)));
  const found = services.map(({ name, critical }, index) => {
    const own = evidence.find((it) => it.service === name);
    const health = healths.find((it) => it.service === name);
    return {
      service: name,
      critical,
      ...(health ? ofHealth(health) : ofVerdict(verdicts[index])),
      ...(own ? { evidence: own } : {}),
    };
  });
  const cause = firstCause(healths.flatMap(({ findings }) => findings));
  return {
    target: target.description,
    well: found.every((it) => it.well),
    ...(cause ? { firstCause: cause } : {}),
    services: found,
  };
}

async function askThem(
  target: Target,
  services: readonly Service[],
  snapshot: Snapshot,
): Promise<ServiceHealth[]> {
  const endpoints = await findEndpoints(target);
  return attempt({ target, services, endpoints }, snapshot, () => undefined);
}

type Found = Omit<ServiceDiagnosis, 'service' | 'critical' | 'evidence'>;

const ofHealth = ({ healthy, message }: ServiceHealth): Found => ({
  well: healthy,
  passing: false,
  code: healthy ? 'HEALTHY' : 'UNHEALTHY',
  message,
  ...(healthy ? {} : { cure: 'See the log, and what it says of its dependencies.' }),
});

function ofVerdict(verdict: Verdict | undefined): Found {
  if (!verdict) throw new TypeError('diagnose: a service without a verdict');
  const { code, message, state } = verdict;
  const cure = cures[code];
  return { well: false, passing: state === 'waiting', code, message, ...(cure ? { cure } : {}) };
}
