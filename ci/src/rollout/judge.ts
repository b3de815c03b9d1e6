import { judgeContainer } from './judge-container.ts';
import { judgeMount } from './judge-mount.ts';
import { judgeRefusal } from './judge-refusal.ts';
import { judgeSchedule } from './judge-schedule.ts';
import type { ContainerStatus, Deployment, Pod, Snapshot, Warning } from './kubernetes.ts';
import { isReady, type PodsOf, podsOf } from './pods-of.ts';
import { recallCause } from './recall-cause.ts';
import type { Verdict, VerdictCode } from './verdict.ts';

/** Looks at one service's rollout. It depends on the snapshot alone: no clock, no memory. */
export function judge(service: string, snapshot: Snapshot): Verdict {
  const deployment = snapshot.deployments.find((candidate) => candidate.name === service);
  if (!deployment) {
    return {
      service,
      state: 'waiting',
      code: 'NOT_DEPLOYED',
      message: 'there is no Deployment yet',
    };
  }
  const { status } = deployment;
  if (deployment.deleting) {
    const message = 'the Deployment is being deleted';
    return { service, state: 'failed', code: 'TERMINATING', message };
  }
  // A missing value must never equal another missing value: the status may be older than the spec.
  if ((status.observedGeneration ?? -1) < deployment.generation) {
    return {
      service,
      state: 'waiting',
      code: 'NOT_OBSERVED',
      message: 'the controller has not seen the change yet',
    };
  }
  if (deployment.paused) {
    return { service, state: 'failed', code: 'PAUSED', message: 'the Deployment is paused' };
  }
  const pods = podsOf(deployment, snapshot);
  const found = worst([
    judgeCreation(deployment),
    ...pods.newPods.map((pod) => judgePod(service, pod, snapshot.warnings)),
  ]);
  if (!found) return judgeProgress(deployment, pods);
  const makesRoom = found.code === 'NO_ROOM' || found.code === 'QUOTA_EXCEEDED';
  return makesRoom && roomMayCome(deployment, snapshot) ? { ...found, state: 'waiting' } : found;
}

/** Whether pods still end, or other rollouts still go on that will end theirs. */
function roomMayCome(stuck: Deployment, snapshot: Snapshot): boolean {
  return snapshot.deployments.some((deployment) => {
    const { newPods, oldPods } = podsOf(deployment, snapshot);
    if (oldPods.some((pod) => pod.deleting)) return true;
    if (deployment === stuck || oldPods.length === 0 || newPods.length === 0) return false;
    return newPods.every((pod) => judgePod(deployment.name, pod, snapshot.warnings) === undefined);
  });
}

function judgeCreation(deployment: Deployment): Verdict | undefined {
  const refused = deployment.status.conditions?.find(
    (condition) => condition.type === 'ReplicaFailure' && condition.status === 'True',
  );
  if (!refused) return undefined;
  const said = refused.message ?? refused.reason ?? '';
  const message = `no pod can be created: ${said}`;
  return { service: deployment.name, ...judgeRefusal(said), message };
}

function judgeProgress(deployment: Deployment, pods: PodsOf): Verdict {
  const service = deployment.name;
  const { replicas: total = 0, updatedReplicas = 0, availableReplicas = 0 } = deployment.status;
  const wanted = deployment.replicas;
  const ready = pods.newPods.filter(isReady).length;
  // The status counts old pods as available too, so the new ones are counted here.
  const done = Math.min(updatedReplicas, availableReplicas, ready);
  if (done < wanted) {
    const progress = `${done} of ${wanted} new pods available`;
    const open = { service, ...waitingFor(progress, pods) };
    return deadlinePassed(deployment) ? { ...open, state: 'suspect', code: late(open.code) } : open;
  }
  if (total > updatedReplicas || pods.oldPods.length > 0) {
    const names = pods.oldPods.map((pod) => pod.name).join(', ');
    return {
      service,
      state: 'waiting',
      code: 'OLD_PODS_REMAIN',
      message: `waiting for old pods to end${names && `: ${names}`}`,
    };
  }
  const message = wanted === 0 ? 'scaled to 0' : `${ready} of ${wanted} pods ready`;
  return { service, state: 'ready', code: 'READY', message };
}

/** Whether Kubernetes itself has given up on the rollout: spec.progressDeadlineSeconds. */
const deadlinePassed = ({ status }: Deployment): boolean =>
  status.conditions?.some(
    ({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded',
  ) ?? false;

const late = (code: VerdictCode): VerdictCode => (code === 'ROLLING' ? 'TIMED_OUT' : code);

function waitingFor(progress: string, { newPods, deadPods }: PodsOf): Omit<Verdict, 'service'> {
  const state = 'waiting';
  const pod = newPods.find((candidate) => !isReady(candidate));
  if (!pod) {
    const dead = deadPods.at(-1);
    const reason = dead
      ? `after ${dead.name}: ${[dead.status.reason, dead.status.message].filter(Boolean).join(': ') || 'it ended'}`
      : '';
    const message = `${progress}, creating pods ${reason}`.trimEnd();
    return { state, code: dead && wasThrownOut(dead) ? 'NODE_PRESSURE' : 'ROLLING', message };
  }
  const containers = pod.status.containerStatuses ?? [];
  const running = containers.length > 0 && containers.every((it) => it.state?.running);
  if (running) {
    const gate = waitsForGate(pod);
    if (gate) return { state, code: 'NOT_READY', message: `${progress}, ${gate}`, pod: pod.name };
    const message = `${progress}, pod ${pod.name} runs but is not ready`;
    // Until its startup probe has passed a process may take its time; after that it should be ready.
    const started = containers.every((it) => it.started === true);
    return { state: started ? 'suspect' : state, code: 'NOT_READY', message, pod: pod.name };
  }
  const step = stepOf(pod);
  const message = `${progress}, waiting for pod ${pod.name}${step && ` (${step})`}`;
  return { state, code: 'ROLLING', message, pod: pod.name };
}

/** Whether the node ended the pod for want of something, and not the pod itself. */
const wasThrownOut = ({ status }: Pod): boolean =>
  /^(?:Evicted|Preempting|Preempted|NodeShutdown|NodeLost|NodeAffinity|Terminated|OutOf\w+)$/.test(
    status.reason ?? '',
  );

/** Somebody else's word that a pod may be called ready, such as a load balancer's. */
function waitsForGate(pod: Pod): string | undefined {
  const allReady = pod.status.containerStatuses?.every((it) => it.ready) ?? false;
  const ready = pod.status.conditions?.find((it) => it.type === 'Ready');
  if (!allReady || ready?.reason !== 'ReadinessGatesNotReady') return undefined;
  return `pod ${pod.name} waits for a readiness gate: ${ready.message ?? ''}`;
}

/** What a pod that does not run yet is at: its init container, or the kubelet's word for it. */
function stepOf(pod: Pod): string {
  const init = pod.status.initContainerStatuses?.find((it) => !it.ready && !isSidecar(it));
  if (init) return `init container ${init.name}`;
  const found = pod.status.containerStatuses?.find((it) => it.state?.waiting?.reason);
  return found?.state?.waiting?.reason ?? pod.status.phase ?? '';
}

/** Only a sidecar has started and goes on. */
const isSidecar = (init: ContainerStatus): boolean =>
  init.started === true && init.state?.running !== undefined;

function judgePod(service: string, pod: Pod, warnings: readonly Warning[]): Verdict | undefined {
  if (isReady(pod)) return undefined;
  const unscheduled = pod.status.conditions?.find(
    (it) => it.type === 'PodScheduled' && it.status === 'False' && it.reason === 'Unschedulable',
  );
  if (unscheduled) {
    const said = unscheduled.message ?? '';
    const message = `no node takes the pod: ${said}`;
    return { service, ...judgeSchedule(said), message, pod: pod.name };
  }
  const mount = judgeMount(pod, warnings);
  if (mount) return { service, ...mount, pod: pod.name };
  const probeFailed = warnings.some(
    (it) =>
      it.object === `Pod/${pod.name}` &&
      it.reason === 'Unhealthy' &&
      /^(?:Startup|Liveness) probe (?:failed|errored)/.test(it.message),
  );
  const judgeAll = (containers: readonly ContainerStatus[] | undefined, runs: boolean) =>
    (containers ?? []).map((it) =>
      judgeContainer(
        { service, pod: pod.name, container: it.name },
        recallCause(it, pod.name, warnings),
        { runs, probeFailed },
      ),
    );
  return worst([
    ...judgeAll(pod.status.initContainerStatuses, false),
    ...judgeAll(pod.status.containerStatuses, true),
  ]);
}

const severity = ['failed', 'suspect', 'waiting', 'ready'] satisfies Verdict['state'][];

function worst(verdicts: readonly (Verdict | undefined)[]): Verdict | undefined {
  return verdicts
    .filter((verdict) => verdict !== undefined)
    .toSorted((a, b) => severity.indexOf(a.state) - severity.indexOf(b.state))[0];
}
