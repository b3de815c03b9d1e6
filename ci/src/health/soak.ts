import type { Clock } from '../clock.ts';
import { patiently } from '../patiently.ts';
import { judge } from '../rollout/judge.ts';
import type { Pod, Snapshot } from '../rollout/kubernetes.ts';
import { isReady, podsOf } from '../rollout/pods-of.ts';
import { takeSnapshot } from '../rollout/snapshot.ts';
import { type AttemptOptions, attempt, type ServiceHealth } from './attempt.ts';

export interface SoakOptions extends AttemptOptions {
  readonly clock: Clock;
  readonly soakSeconds: number;
  readonly say: (line: string) => void;
}

const pauseMs = 2_000;

/** Looks at which a service may be ill during the soak: a kubelet or a connection may hiccup. */
const toleratedLooks = 1;

/** Keeps asking for the soak; ends early with a service that is ill too often. */
export async function soak(
  options: SoakOptions,
  healthy: readonly ServiceHealth[],
  first: Snapshot,
): Promise<readonly ServiceHealth[]> {
  const { target, clock, soakSeconds, say } = options;
  const deadline = clock.monotonic() + soakSeconds * 1_000;
  const known = new Set(first.pods.map((pod) => pod.uid));
  const ill = new Map<string, number>();
  let before = first;
  let last = healthy;
  if (soakSeconds > 0) say(`all healthy; watching for ${soakSeconds} s that it stays so`);
  // One that is ill at the last look is looked at again, since one look does not count.
  while (clock.monotonic() < deadline || last.some((it) => !it.healthy)) {
    await clock.sleep(pauseMs);
    const now = await patiently(clock, () => takeSnapshot(target));
    last = await attempt(options, withoutScaling(now, known), (service) =>
      wrongInSoak(service, { before, now, known }),
    );
    before = now;
    for (const { service, healthy: well, message } of last) {
      if (well) continue;
      ill.set(service, (ill.get(service) ?? 0) + 1);
      say(`${service}: during the soak: ${message}`);
    }
    if ([...ill.values()].some((looks) => looks > toleratedLooks)) return last;
  }
  return last;
}

interface Looks {
  readonly before: Snapshot;
  readonly now: Snapshot;
  /** Pods that were there when the soak began, by uid. */
  readonly known: ReadonlySet<string>;
}

/**
 * What a service's objects tell against it. An autoscaler may add and end pods, which is no flaw of
 * a release; the pods that were there must stay ready and must not start again.
 */
export function wrongInSoak(service: string, { before, now, known }: Looks): string | undefined {
  const restarted = now.pods.find((pod) => {
    const earlier = before.pods.find((it) => it.uid === pod.uid);
    return earlier && owns(now, service, pod) && restarts(pod) > restarts(earlier);
  });
  if (restarted) return `pod ${restarted.name} was started again`;
  const verdict = judge(service, now);
  if (verdict.state === 'ready') return undefined;
  const scales = verdict.state !== 'failed' && isScaling(service, now, known);
  return scales ? undefined : verdict.message;
}

function isScaling(service: string, now: Snapshot, known: ReadonlySet<string>): boolean {
  const deployment = now.deployments.find((candidate) => candidate.name === service);
  if (!deployment) return false;
  const { newest, newPods, oldPods } = podsOf(deployment, now);
  if (oldPods.some((pod) => pod.ownerUid !== newest?.uid)) return false;
  const staying = newPods.filter((pod) => known.has(pod.uid));
  return (
    staying.length > 0 && staying.every(isReady) && !replaces(newPods, oldPods, deployment.replicas)
  );
}

/** Whether a pod comes because another one went: then fewer serve than are wanted. */
const replaces = (coming: readonly Pod[], going: readonly Pod[], wanted: number): boolean =>
  going.length > 0 && coming.filter(isReady).length < wanted;

/** Without the pods that an autoscaler has just added or ends: nobody is sent to them. */
const withoutScaling = (snapshot: Snapshot, known: ReadonlySet<string>): Snapshot => ({
  ...snapshot,
  pods: snapshot.pods.filter((pod) => !pod.deleting && (known.has(pod.uid) || isReady(pod))),
});

function owns(snapshot: Snapshot, service: string, pod: Pod): boolean {
  const deployment = snapshot.deployments.find((candidate) => candidate.name === service);
  const set = snapshot.replicaSets.find((candidate) => candidate.uid === pod.ownerUid);
  return deployment !== undefined && set?.ownerUid === deployment.uid;
}

const restarts = (pod: Pod): number =>
  (pod.status.containerStatuses ?? []).reduce((sum, it) => sum + it.restartCount, 0);
