import type { Clock } from '../clock.ts';
import { PipelineError } from '../errors.ts';
import { hostsOf } from '../health/declared-hosts.ts';
import { evidenceOfIll } from '../health/evidence.ts';
import type { Seen, SeenAt } from '../health/look-around.ts';
import { type ServiceHealth, verifyHealth } from '../health/verify.ts';
import type { KubernetesObject } from '../manifests/objects.ts';
import type { ServiceImage, ServiceResult } from '../report/release.ts';
import type { Timeline } from '../report/timeline.ts';
import { newPods, restartsOf, runningImage } from '../rollout/changed-pods.ts';
import { collectEvidence, type Evidence } from '../rollout/evidence.ts';
import type { Snapshot } from '../rollout/kubernetes.ts';
import type { Verdict } from '../rollout/verdict.ts';
import { type Service, services } from '../services.ts';
import type { Target } from '../target/target.ts';
import type { HeldLease } from './held-lease.ts';
import { type RolledWaves, rollWaves } from './roll-waves.ts';
import type { Waves } from './waves-for.ts';

export interface RollOutOptions {
  /** The Lease that is held for the release: every change goes through it. */
  readonly held: HeldLease;
  /** The Lease's own target, whose reads renew it. */
  readonly target: Target;
  readonly clock: Clock;
  readonly say: (line: string) => void;
  /** Seconds for which all must stay healthy; what did not roll has stood its soak already. */
  readonly soakSeconds: number;
  /** Seconds that the rollouts may take. */
  readonly timeoutSeconds: number;
  /** Where it is written down when what happens. */
  readonly timeline: Timeline;
  /** Whether the Lease is still needed when the release has ended. */
  readonly keepsLease?: boolean;
}

/** What is applied, and what each service must answer with afterwards. */
export interface RollOut {
  readonly objects: readonly KubernetesObject[];
  readonly images: ReadonlyMap<string, ServiceImage>;
  /** The platform before it. */
  readonly before: Snapshot;
  /** Which services roll together, one wave after the other; all at once if there are none. */
  readonly waves?: Waves;
  /** The platform as it was seen, if all of it is applied already. */
  readonly applied?: SeenAt;
}

export interface RolledOut {
  readonly services: readonly ServiceResult[];
  readonly seconds: { readonly apply: number; readonly serving: number; readonly verified: number };
  readonly after: Snapshot;
}

/**
 * Applies objects, watches all rollouts together and verifies health by identity. Tells what
 * became of every service, good or bad; throws only if the apply was refused or the cluster is gone.
 */
export async function rollOut(planned: RollOut, options: RollOutOptions): Promise<RolledOut> {
  const { objects, images, before } = planned;
  const { held, target, clock, say, soakSeconds, timeline } = options;
  const watched = await rollWaves(planned, options);
  const rolledAt = clock.monotonic();
  held.at('verify');
  const failed = watched.verdicts.filter((verdict) => verdict.state === 'failed');
  const hasFailed = ({ name }: Service) => failed.some((verdict) => verdict.service === name);
  const asked = services.filter((service) => !hasFailed(service));
  const madePods = new Map(
    services.map(({ name }) => [name, newPods(name, before, watched.snapshot)]),
  );
  const rolled = [...madePods.values()].some((count) => count > 0);
  // A release that has failed already is not watched for longer; a degraded one has yet to be proven.
  const soaks = rolled && !services.some((service) => service.critical && hasFailed(service));
  const [evidence, healths] = await Promise.all([
    ifPossible(say, collectEvidence(target, failed, watched.snapshot)),
    verifyHealth({
      target,
      clock,
      say,
      sources: new Map([...images].map(([name, image]) => [name, image.source])),
      soakSeconds: soaks ? soakSeconds : 0,
      hosts: hostsOf(objects),
      services: asked,
      timeline,
      seen: lastSeen(watched),
      // Until now nothing was changed, and so nobody was asked whether he changes something.
      ...(planned.applied ? { onIll: () => held.mutate('verify', []) } : {}),
    }).catch((error: unknown) => unproven(asked, error)),
  ]);
  evidence.push(...(await ifPossible(say, evidenceOfIll(target, healths))));
  return {
    services: services.map((service) =>
      serviceResult(service, {
        image: images.get(service.name),
        verdict: watched.verdicts.find((verdict) => verdict.service === service.name),
        health: healths.find((health) => health.service === service.name),
        evidence: evidence.find((it) => it.service === service.name),
        readySeconds: watched.readyAfter.get(service.name),
        newPods: madePods.get(service.name) ?? 0,
        restarts: restartsOf(service.name, before, watched.snapshot),
        ran: runningImage(service.name, before),
      }),
    ),
    seconds: {
      apply: watched.applySeconds,
      serving: watched.servingSeconds,
      verified: (clock.monotonic() - rolledAt) / 1_000,
    },
    after: watched.snapshot,
  };
}

/** What the roll-out saw is as good as a look of its own, unless an Ingress was too new to have an address. */
function lastSeen({ snapshot, endpoints }: RolledWaves): Seen | undefined {
  const isWhole = endpoints?.hosts.every(({ address }) => address !== '');
  return endpoints && isWhole ? { snapshot, endpoints } : undefined;
}

/** The verdict stands without evidence: what cannot be fetched any more is said, and no failure. */
async function ifPossible(
  say: RollOutOptions['say'],
  evidence: Promise<Evidence[]>,
): Promise<Evidence[]> {
  try {
    return await evidence;
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    say(`logs could not be fetched: ${error.summary}`);
    return [];
  }
}

/** What rolled out and could not be asked is not proven; the report tells so beside all the rest. */
function unproven(asked: readonly Service[], error: unknown): ServiceHealth[] {
  if (!(error instanceof PipelineError)) throw error;
  return asked.map(({ name, critical }) => ({
    service: name,
    critical,
    healthy: false,
    message: `could not be asked: ${error.summary}`,
    findings: [],
    source: '',
    commit: '',
  }));
}

interface Findings {
  readonly image: ServiceImage | undefined;
  readonly verdict: Verdict | undefined;
  readonly health: ServiceHealth | undefined;
  readonly evidence: Evidence | undefined;
  readonly readySeconds: number | undefined;
  readonly newPods: number;
  readonly restarts: number;
  /** The image that ran before. */
  readonly ran: string | undefined;
}

function serviceResult(service: Service, findings: Findings): ServiceResult {
  const { image, verdict, health, evidence, readySeconds } = findings;
  const failed = verdict?.state === 'failed';
  const common = {
    service: service.name,
    critical: service.critical,
    image: image?.image ?? '',
    source: image?.source ?? '',
    built: image?.built ?? false,
    ...(findings.ran ? { before: findings.ran } : {}),
    newPods: findings.newPods,
    restarts: findings.restarts,
    ...(verdict?.exitCode === undefined ? {} : { exitCode: verdict.exitCode }),
    ...(evidence ? { evidence } : {}),
  };
  if (failed) return { ...common, proven: false, code: verdict.code, message: verdict.message };
  const proven = health?.healthy ?? false;
  return {
    ...common,
    proven,
    code: proven ? 'HEALTHY' : 'UNHEALTHY',
    message: health?.message ?? 'was not asked',
    ...(readySeconds === undefined ? {} : { readySeconds }),
  };
}
