import type {
  Condition,
  ContainerState,
  ContainerStatus,
  DeploymentStatus,
  Pod,
  PodStatus,
  Snapshot,
} from '../../src/rollout/kubernetes.ts';

/** A pod but for its name and owner, which the rollout gives. */
export interface PodShape {
  readonly status: PodStatus;
  readonly deleting?: boolean;
}

export interface RolloutShape {
  readonly wanted?: number;
  readonly newPods?: readonly PodShape[];
  readonly oldPods?: readonly PodShape[];
  readonly generation?: number;
  readonly paused?: boolean;
  readonly conditions?: readonly Condition[];
  readonly source?: string;
  /** In place of what a controller that is up to date would say. */
  readonly status?: DeploymentStatus;
  /** Revisions of the new and the old ReplicaSet. */
  readonly revisions?: readonly [string, string];
}

/** The objects of one service in the midst of a rollout, with the status that a controller gives. */
export function rollout(service: string, shape: RolloutShape = {}): Snapshot {
  const { wanted = 1, newPods = [], oldPods = [], generation = 2 } = shape;
  const [revision, before] = shape.revisions ?? ['2', '1'];
  const counted = (pod: PodShape) => !pod.deleting && pod.status.phase !== 'Failed';
  const all = [...newPods, ...oldPods].filter(counted);
  const status: DeploymentStatus = shape.status ?? {
    observedGeneration: generation,
    replicas: all.length,
    updatedReplicas: newPods.filter(counted).length,
    availableReplicas: all.filter(isReady).length,
    ...(shape.conditions ? { conditions: shape.conditions } : {}),
  };
  const place = (owner: string) => (pod: PodShape, index: number) => ({
    name: `${service}-${owner}-${index}`,
    uid: `${service}-${owner}-${index}-uid`,
    ownerUid: `${service}-${owner}-uid`,
    deleting: pod.deleting ?? false,
    status: pod.status,
  });
  const uid = `${service}-uid`;
  const set = (owner: string, setRevision: string, replicas: number) => ({
    name: `${service}-${owner}`,
    uid: `${service}-${owner}-uid`,
    ownerUid: uid,
    revision: setRevision,
    replicas,
  });
  return {
    deployments: [
      {
        name: service,
        uid,
        generation,
        revision,
        source: shape.source ?? '',
        commit: '',
        release: '',
        replicas: wanted,
        paused: shape.paused ?? false,
        status,
      },
    ],
    replicaSets: [set('old', before, oldPods.length), set('new', revision, wanted)],
    pods: [...oldPods.map(place('old')), ...newPods.map(place('new'))],
    warnings: [],
  };
}

export const cluster = (...parts: readonly Snapshot[]): Snapshot => ({
  deployments: parts.flatMap((part) => part.deployments),
  replicaSets: parts.flatMap((part) => part.replicaSets),
  pods: parts.flatMap((part) => part.pods),
  warnings: parts.flatMap((part) => part.warnings),
});

const isReady = (pod: PodShape) =>
  pod.status.conditions?.some((it) => it.type === 'Ready' && it.status === 'True') ?? false;

const conditions = (ready: boolean): Condition[] => [
  { type: 'PodScheduled', status: 'True' },
  { type: 'Ready', status: ready ? 'True' : 'False', ...(ready ? {} : notReady) },
];
const notReady = { reason: 'ContainersNotReady', message: 'containers with unready status: [app]' };

/** A pod whose one container has this status. */
const pod = (container: Partial<ContainerStatus>, phase = 'Running'): PodShape => ({
  status: {
    phase,
    conditions: conditions(container.ready ?? false),
    containerStatuses: [{ name: 'app', ready: false, restartCount: 0, ...container }],
  },
});

export const ready = (restartCount = 0): PodShape =>
  pod({
    ready: true,
    restartCount,
    state: { running: { startedAt: '2026-11-23T07:00:00Z' } },
    ...(restartCount > 0 ? { lastState: exit({ code: 1 }) } : {}),
  });

/** `started` tells whether the startup probe has passed. */
export const unready = (started = false): PodShape =>
  pod({ started, state: { running: { startedAt: '2026-11-23T07:00:00Z' } } });

export const waiting = (reason: string, message?: string): PodShape =>
  pod({ state: { waiting: { reason, ...(message ? { message } : {}) } } }, 'Pending');

export const ending = (shape: PodShape): PodShape => ({ ...shape, deleting: true });

/** A pod that a node threw out; its object stays. */
export const evicted = (message = 'The node was low on resource: memory.'): PodShape => ({
  status: {
    phase: 'Failed',
    reason: 'Evicted',
    message,
    containerStatuses: [
      {
        name: 'app',
        ready: false,
        restartCount: 0,
        state: { terminated: { exitCode: 137, reason: 'ContainerStatusUnknown' } },
      },
    ],
  },
});

export const unschedulable = (
  message = '0/1 nodes are available: 1 Insufficient memory. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
): PodShape => ({
  status: {
    phase: 'Pending',
    conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
  },
});

interface Exit {
  readonly code: number;
  readonly reason?: string;
  readonly message?: string;
}

const exit = ({ code, reason, message }: Exit): ContainerState => ({
  terminated: {
    exitCode: code,
    reason: reason ?? (code === 0 ? 'Completed' : 'Error'),
    ...(message ? { message } : {}),
  },
});

/** Just ended, for the last of `restarts + 1` times. */
export const exited = (now: Exit, restarts = 0, before: Exit = now): PodShape =>
  pod({
    restartCount: restarts,
    state: exit(now),
    ...(restarts > 0 ? { lastState: exit(before) } : {}),
  });

/** Ended and not started again yet. */
export const backOff = (last: Exit, restarts: number): PodShape =>
  pod({
    restartCount: restarts,
    state: {
      waiting: {
        reason: 'CrashLoopBackOff',
        message: 'back-off 10s restarting failed container=app pod=app-1_whatsthecraic(1)',
      },
    },
    lastState: exit(last),
  });

/** Runs again, and is not ready yet. */
export const restarted = (last: Exit, restarts: number): PodShape =>
  pod({
    restartCount: restarts,
    state: { running: { startedAt: '2026-11-23T07:00:00Z' } },
    lastState: exit(last),
  });

/** A pod whose container waits for an init container with this status. */
export const initialising = (init: Partial<ContainerStatus>): PodShape => ({
  status: {
    phase: 'Pending',
    conditions: conditions(false),
    initContainerStatuses: [{ name: 'migrate', ready: false, restartCount: 0, ...init }],
    containerStatuses: [
      {
        name: 'app',
        ready: false,
        restartCount: 0,
        state: { waiting: { reason: 'PodInitializing' } },
      },
    ],
  },
});

export const initExit = (exits: Exit, restarts: number): PodShape =>
  initialising({ restartCount: restarts, state: exit(exits), lastState: exit(exits) });

export const named = (snapshot: Snapshot, name: string): Pod => {
  const found = snapshot.pods.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no pod ${name}`);
  return found;
};
