import type { Warning } from '../../src/rollout/kubernetes.ts';
import {
  backOff,
  cluster,
  ending,
  evicted,
  exited,
  type PodShape,
  ready,
  rollout,
  unready,
  waiting,
} from './cluster.ts';
import { crash, old, roll, service, testRows } from './judge-rows.ts';

const warned = (reason: string, message: string, lastSeen = '2026-11-24T22:00:00Z'): Warning => ({
  object: 'Pod/dj-service-new-0',
  reason,
  message,
  count: 1,
  lastSeen,
});
const withWarnings = (shape: Parameters<typeof rollout>[1], ...warnings: readonly Warning[]) => ({
  ...roll(shape),
  warnings,
});
const sandboxed = (pod: PodShape): PodShape => ({
  ...pod,
  status: { ...pod.status, podIP: '10.42.0.9' },
});
const failed = (reason: string): PodShape => ({ status: { phase: 'Failed', reason } });
const creating = waiting('ContainerCreating');
const noSecret = 'MountVolume.SetUp failed for volume "tls" : secret "tls" not found';
const gated: PodShape = {
  status: {
    phase: 'Running',
    conditions: [
      { type: 'PodScheduled', status: 'True' },
      {
        ...{ type: 'Ready', status: 'False', reason: 'ReadinessGatesNotReady' },
        message: 'corresponding condition of pod readiness gate "lb.example/ready" does not exist.',
      },
    ],
    containerStatuses: [
      { name: 'app', ready: true, started: true, restartCount: 0, state: { running: {} } },
    ],
  },
};
const sidecar = (init: object, app: PodShape): PodShape => ({
  status: {
    ...app.status,
    initContainerStatuses: [{ name: 'proxy', ready: true, restartCount: 0, ...init }],
  },
});
const running = { started: true, state: { running: {} } };

// Each row of the matrix of edge cases that tools of this kind get wrong, by its name there.
testRows({
  'the Deployment is being deleted, a finalizer holds it': {
    of: {
      ...roll({ newPods: [ready()] }),
      deployments: roll({ newPods: [ready()] }).deployments.map((it) => ({
        ...it,
        deleting: true,
      })),
    },
    is: 'failed TERMINATING',
  },
  'an old pod that a finalizer holds': {
    of: roll({ newPods: [ready()], oldPods: [ending(backOff(crash, 3))] }),
    is: 'waiting OLD_PODS_REMAIN',
  },
  'preempted by the scheduler, not replaced yet': {
    of: roll({ newPods: [failed('Preempting')] }),
    is: 'waiting NODE_PRESSURE',
    says: /Preempting/,
  },
  'the node shuts down': {
    of: roll({ newPods: [failed('NodeShutdown')], oldPods: [old] }),
    is: 'waiting NODE_PRESSURE',
  },
  'evicted three times and replaced': {
    of: roll({ newPods: [evicted(), evicted(), evicted(), unready()] }),
    is: 'waiting NOT_READY',
  },
  'a new pod that was evicted, its replacement ready': {
    of: roll({ newPods: [evicted(), ready()] }),
    is: 'ready READY',
  },
  'a volume that waits for its first consumer: the pod is scheduled': {
    of: roll({ newPods: [creating], oldPods: [old] }),
    is: 'waiting ROLLING',
  },
  'a Secret volume is missing': {
    of: withWarnings({ newPods: [creating] }, warned('FailedMount', noSecret)),
    is: 'suspect CONFIG_MISSING',
    says: /secret "tls" not found/,
  },
  'a Secret volume was missing, and the pod has its network now': {
    of: withWarnings({ newPods: [sandboxed(creating)] }, warned('FailedMount', noSecret)),
    is: 'waiting ROLLING',
  },
  'a Secret volume was missing, and the runtime says that the pod is set up': {
    of: withWarnings(
      {
        newPods: [
          {
            status: {
              ...creating.status,
              conditions: [{ type: 'PodReadyToStartContainers', status: 'True' }],
            },
          },
        ],
      },
      warned('FailedMount', noSecret),
    ),
    is: 'waiting ROLLING',
  },
  'a warning about another pod': {
    of: {
      ...roll({ newPods: [creating] }),
      warnings: [{ ...warned('FailedMount', noSecret), object: 'Pod/dj-service-old-0' }],
    },
    is: 'waiting ROLLING',
  },
  'two mount warnings: the newer decides': {
    of: withWarnings(
      { newPods: [creating] },
      warned('FailedMount', noSecret, '2026-11-24T22:00:01Z'),
      warned(
        'FailedMount',
        'MountVolume.SetUp failed for volume "tls" : failed to sync secret cache: timed out waiting for the condition',
        '2026-11-24T22:00:09Z',
      ),
    ),
    is: 'waiting NODE_TROUBLE',
  },
  'the pod gets no network': {
    of: withWarnings(
      { newPods: [creating] },
      warned('FailedCreatePodSandBox', 'Failed to create pod sandbox: rpc error: code = Unknown'),
    ),
    is: 'waiting NODE_TROUBLE',
  },
  'a disk cannot be attached': {
    of: withWarnings(
      { newPods: [creating] },
      warned('FailedAttachVolume', 'Multi-Attach error for volume "pvc-1"'),
    ),
    is: 'waiting VOLUME_NOT_MOUNTED',
  },
  'a readiness gate is open': {
    of: roll({ newPods: [gated], oldPods: [old] }),
    is: 'waiting NOT_READY',
    says: /waits for a readiness gate: .*lb\.example\/ready/,
  },
  'a native sidecar runs, the service starts': {
    of: roll({ newPods: [sidecar(running, unready())] }),
    is: 'waiting NOT_READY',
  },
  'a native sidecar runs and is not ready, the service is created': {
    of: roll({ newPods: [sidecar({ ...running, ready: false }, creating)] }),
    is: 'waiting ROLLING',
    says: /\(ContainerCreating\)/,
  },
  'a native sidecar crashes again and again': {
    of: roll({
      newPods: [
        sidecar(
          {
            ready: false,
            restartCount: 2,
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: { terminated: { exitCode: 1 } },
          },
          creating,
        ),
      ],
    }),
    is: 'failed INIT_FAILED',
  },
  'Recreate: the old pods are gone, the new set is not made yet': {
    of: rollout(service, {
      newPods: [],
      status: { observedGeneration: 2, replicas: 0, updatedReplicas: 0 },
    }),
    is: 'waiting ROLLING',
  },
  'Recreate: an old pod still ends': {
    of: roll({ newPods: [], oldPods: [ending(old)] }),
    is: 'waiting ROLLING',
  },
  'the autoscaler adds a third in the midst': {
    of: roll({ wanted: 3, newPods: [ready(), ready(), creating] }),
    is: 'waiting ROLLING',
    says: /2 of 3/,
  },
  'the probe kills it, the first time': {
    of: withWarnings(
      { newPods: [exited({ code: 137 })] },
      warned('Unhealthy', 'Liveness probe failed: HTTP probe failed with statuscode: 500'),
    ),
    is: 'suspect PROBE_FAILED',
    says: /code 137 once, after its startup or liveness probe failed/,
  },
  'the probe kills it, and it heeds SIGTERM': {
    of: withWarnings(
      { newPods: [exited({ code: 0 }, 1)] },
      warned('Unhealthy', 'Startup probe failed: dial tcp 10.42.0.9:4002: connect: refused'),
    ),
    is: 'failed PROBE_FAILED',
  },
  'it crashes by itself while its startup probe fails': {
    of: withWarnings(
      { newPods: [exited({ code: 1 }, 1)] },
      warned('Unhealthy', 'Startup probe failed: dial tcp 10.42.0.9:4002: connect: refused'),
    ),
    is: 'failed CRASHED',
  },
  'readiness alone fails: nobody kills for that': {
    of: withWarnings(
      { newPods: [exited({ code: 137 }, 1)] },
      warned('Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503'),
    ),
    is: 'failed CRASHED',
  },
  'exit 128 of a start that lost a race, the first': {
    of: roll({
      newPods: [exited({ code: 128, reason: 'ContainerCannotRun', message: 'cgroup vanished' })],
    }),
    is: 'waiting NODE_TROUBLE',
  },
  'exit 128 of a start, the third': {
    of: roll({
      newPods: [exited({ code: 128, reason: 'StartError', message: 'cgroup vanished' }, 2)],
    }),
    is: 'suspect CANNOT_START',
  },
  'exit 128 of a program by itself': {
    of: roll({ newPods: [exited({ code: 128 }, 1)] }),
    is: 'failed CRASHED',
  },
  'a back-off that forgot its cause, which a warning remembers (N1)': {
    of: withWarnings(
      { newPods: [waiting('ImagePullBackOff', 'Back-off pulling image "r/a@sha256:11"')] },
      warned('Failed', 'Error: ImagePullBackOff', '2026-11-24T22:00:09Z'),
      warned(
        'Failed',
        'Failed to pull image "r/a@sha256:11": rpc error: code = NotFound desc = gone',
      ),
    ),
    is: 'failed IMAGE_NOT_FOUND',
  },
  'a back-off, and the warning is of something that passes (N6)': {
    of: withWarnings(
      { newPods: [waiting('ImagePullBackOff', 'Back-off pulling image "r/a@sha256:11"')] },
      warned('Failed', 'Failed to pull image "r/a@sha256:11": dial tcp 10.0.0.1:5000: refused'),
    ),
    is: 'waiting IMAGE_PULL_FAILED',
  },
  'a back-off that nobody explains': {
    of: roll({ newPods: [waiting('ImagePullBackOff', 'Back-off pulling image "r/a@sha256:11"')] }),
    is: 'waiting IMAGE_PULL_FAILED',
  },
  'a list that names pods twice': {
    of: (() => {
      const once = roll({ wanted: 2, newPods: [ready(), unready()] });
      return { ...once, pods: [...once.pods, ...once.pods] };
    })(),
    is: 'waiting NOT_READY',
    says: /1 of 2/,
  },
  'another service is paused': {
    of: cluster(
      roll({ newPods: [ready()] }),
      rollout('ml-service', { paused: true, newPods: [ready()] }),
    ),
    is: 'ready READY',
  },
  'scaled to 0 by hand in the midst': {
    of: roll({ wanted: 0, oldPods: [ending(old)] }),
    is: 'waiting OLD_PODS_REMAIN',
  },
});
