import type { Clock } from '../clock.ts';
import { patiently } from '../patiently.ts';
import type { Timeline } from '../report/timeline.ts';
import { judge } from '../rollout/judge.ts';
import type { Snapshot } from '../rollout/kubernetes.ts';
import { takeSnapshot } from '../rollout/snapshot.ts';
import { type AttemptOptions, attempt, type ServiceHealth } from './attempt.ts';
import { withDeclared } from './declared-hosts.ts';
import { lookAround, type Seen } from './look-around.ts';
import { soak } from './soak.ts';
import type { IngressHost } from './vantage-points.ts';

export type { ServiceHealth } from './attempt.ts';

export interface VerifyOptions extends Omit<AttemptOptions, 'endpoints'> {
  readonly clock: Clock;
  /** The hosts that the release declares, wherever the cluster's Ingress leads them now. */
  readonly hosts?: readonly IngressHost[];
  /** Seconds for which all must stay healthy once they are. */
  readonly soakSeconds: number;
  readonly say: (line: string) => void;
  readonly timeline?: Timeline;
  /** What was seen just now, if anything was. */
  readonly seen?: Seen | undefined;
  /** Called when not all is well, before it is asked again; throws if there is no sense in that. */
  readonly onIll?: () => Promise<unknown>;
}

/**
 * Seconds before each attempt at the latest: six attempts within five and a half minutes, the
 * founding document's budget. An attempt comes sooner when the cluster changes and every rollout is complete.
 */
export const attemptDelays: readonly number[] = [0, 2, 8, 30, 90, 200];

const pauseMs = 1_000;

/** Asks all services from every vantage point until all are healthy, and then for the soak. */
export async function verifyHealth(options: VerifyOptions): Promise<readonly ServiceHealth[]> {
  const { target, clock, say, timeline, hosts = [] } = options;
  const verified = timeline?.phase('verify');
  const first = options.seen ?? (await patiently(clock, () => lookAround(target)));
  const endpoints = {
    ...first.endpoints,
    hosts: withDeclared(first.endpoints.hosts, hosts),
  };
  let last: readonly ServiceHealth[] = [];
  let seen = '';
  for (const [index, delay] of attemptDelays.entries()) {
    const snapshot = index === 0 ? first.snapshot : await nextSnapshot(options, seen, delay);
    seen = signature(snapshot);
    last = await attempt({ ...options, endpoints }, snapshot, (service) => {
      const verdict = judge(service, snapshot);
      return verdict.state === 'ready' ? undefined : verdict.message;
    });
    const sick = last.filter((health) => !health.healthy);
    if (sick.length === 0) {
      verified?.();
      const soaked = timeline?.phase('soak');
      return soak({ ...options, endpoints }, last, snapshot).finally(soaked);
    }
    for (const { service, message } of sick) {
      say(`${service}: attempt ${index + 1} of ${attemptDelays.length}: ${message}`);
    }
    await options.onIll?.();
    if (sick.every((health) => isCertain(health, snapshot))) break;
  }
  verified?.();
  return last;
}

/** Whether asking again cannot change the answer. */
function isCertain({ service, findings }: ServiceHealth, snapshot: Snapshot): boolean {
  const { state } = judge(service, snapshot);
  if (state === 'failed') return true;
  // With the rollout complete all pods are this release's, whose images cannot change.
  return state === 'ready' && findings.some((it) => it.via === 'pod' && it.stranger === true);
}

/** Waits until it is worth asking again, or the delay is over. */
async function nextSnapshot(
  { target, clock, services }: VerifyOptions,
  seen: string,
  delaySeconds: number,
): Promise<Snapshot> {
  const deadline = clock.monotonic() + delaySeconds * 1_000;
  for (;;) {
    const snapshot = await patiently(clock, () => takeSnapshot(target));
    // Attempts are few: none is spent on a rollout that is still under way.
    const worthIt =
      signature(snapshot) !== seen &&
      services.every(({ name }) => judge(name, snapshot).state === 'ready');
    if (worthIt || clock.monotonic() >= deadline) return snapshot;
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
