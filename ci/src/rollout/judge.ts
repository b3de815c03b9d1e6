import { judgePull } from './judge-pull.ts';
import type { ContainerStatus, Deployment, Pod, Snapshot } from './kubernetes.ts';
import type { Verdict } from './verdict.ts';

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
  const { newPods, oldPods } = podsOf(deployment, snapshot);
  return (
    judgeCreation(deployment) ??
    worst(newPods.map((pod) => judgePod(service, pod))) ??
    judgeProgress(deployment, newPods, oldPods)
  );
}

/** A Deployment's pods: those of its newest ReplicaSet, and those of all others. */
export function podsOf(
  deployment: Deployment,
  snapshot: Snapshot,
): { newPods: Pod[]; oldPods: Pod[] } {
  const owned = snapshot.replicaSets.filter((set) => set.ownerUid === deployment.uid);
  const newest = owned.find((set) => set.revision === deployment.revision);
  const others = new Set(owned.filter((set) => set !== newest).map((set) => set.uid));
  return {
    newPods: snapshot.pods.filter((pod) => pod.ownerUid === newest?.uid && !pod.deleting),
    oldPods: snapshot.pods.filter(
      (pod) => others.has(pod.ownerUid) || (pod.ownerUid === newest?.uid && pod.deleting),
    ),
  };
}

function judgeCreation(deployment: Deployment): Verdict | undefined {
  const refused = deployment.status.conditions?.find(
    (condition) => condition.type === 'ReplicaFailure' && condition.status === 'True',
  );
  if (!refused) return undefined;
  return {
    service: deployment.name,
    state: 'suspect',
    code: 'POD_REFUSED',
    message: `no pod can be created: ${refused.message ?? refused.reason ?? ''}`,
  };
}

function judgeProgress(
  deployment: Deployment,
  newPods: readonly Pod[],
  oldPods: readonly Pod[],
): Verdict {
  const service = deployment.name;
  const { replicas: total = 0, updatedReplicas = 0, availableReplicas = 0 } = deployment.status;
  const wanted = deployment.replicas;
  if (updatedReplicas < wanted || availableReplicas < wanted) {
    const waiting = newPods.find((pod) => !isReady(pod));
    const what = waiting ? `waiting for pod ${waiting.name}` : 'creating pods';
    return {
      service,
      state: 'waiting',
      code: 'ROLLING',
      message: `${Math.min(updatedReplicas, availableReplicas)} of ${wanted} new pods available, ${what}`,
      ...(waiting ? { pod: waiting.name } : {}),
    };
  }
  if (total > updatedReplicas || oldPods.length > 0) {
    const names = oldPods.map((pod) => pod.name).join(', ');
    return {
      service,
      state: 'waiting',
      code: 'OLD_PODS_REMAIN',
      message: `waiting for old pods to end: ${names}`,
    };
  }
  const message = wanted === 0 ? 'scaled to 0' : `${availableReplicas} of ${wanted} pods ready`;
  return { service, state: 'ready', code: 'READY', message };
}

const isReady = (pod: Pod): boolean =>
  pod.status.conditions?.some((it) => it.type === 'Ready' && it.status === 'True') ?? false;

function judgePod(service: string, pod: Pod): Verdict | undefined {
  const unscheduled = pod.status.conditions?.find(
    (it) => it.type === 'PodScheduled' && it.status === 'False' && it.reason === 'Unschedulable',
  );
  if (unscheduled) {
    return {
      service,
      state: 'suspect',
      code: 'NO_ROOM',
      message: `the node has no room: ${unscheduled.message ?? ''}`,
      pod: pod.name,
    };
  }
  const containers = [
    ...(pod.status.initContainerStatuses ?? []),
    ...(pod.status.containerStatuses ?? []),
  ];
  return worst(containers.map((container) => judgeContainer(service, pod.name, container)));
}

function judgeContainer(
  service: string,
  pod: string,
  container: ContainerStatus,
): Verdict | undefined {
  const waiting = container.state?.waiting;
  const reason = waiting?.reason ?? '';
  const message = waiting?.message ?? reason;
  if (/^(ErrImagePull|ImagePullBackOff|ErrImageNeverPull|InvalidImageName)$/.test(reason)) {
    return { service, pod, ...judgePull(reason, message) };
  }
  if (reason === 'CreateContainerConfigError') {
    return { service, pod, state: 'suspect', code: 'CONFIG_MISSING', message };
  }
  if (reason === 'RunContainerError' || reason === 'CreateContainerError') {
    return { service, pod, state: 'suspect', code: 'CANNOT_START', message };
  }
  return judgeExit(service, pod, container);
}

function judgeExit(service: string, pod: string, container: ContainerStatus): Verdict | undefined {
  const now = container.state?.terminated;
  const before = container.lastState?.terminated;
  const exit = now ?? before;
  if (!exit || exit.exitCode === 0 || container.ready) return undefined;
  const common = { service, pod, exitCode: exit.exitCode, previousLog: now === undefined };
  // The count of restarts lags the count of exits by one until the next start.
  const exits = container.restartCount + (container.state?.running ? 0 : 1);
  // One exit may be bad luck; a second with the same code is how the program behaves.
  const alike = !now || !before || now.exitCode === before.exitCode;
  const state = (exits >= 2 && alike) || exits >= 3 ? 'failed' : 'suspect';
  const times = exits === 1 ? 'once' : `${exits} times`;
  // The kernel ends what exceeds its limit; Kubernetes names it, the exit code alone does not.
  if (exit.reason === 'OOMKilled') {
    const message = `the container exceeded its memory limit ${times}`;
    return { ...common, state, code: 'OUT_OF_MEMORY', message };
  }
  if (/exec format error|no such file or directory/.test(exit.message ?? '')) {
    return { ...common, state: 'failed', code: 'CANNOT_START', message: exit.message ?? '' };
  }
  const message = `the container exited with code ${exit.exitCode} ${times}`;
  return { ...common, state, code: 'CRASHED', message };
}

function worst(verdicts: readonly (Verdict | undefined)[]): Verdict | undefined {
  const found = verdicts.filter((verdict) => verdict !== undefined);
  return found.find((verdict) => verdict.state === 'failed') ?? found[0];
}
