import test from 'ava';
import { judge } from '../../src/rollout/judge.ts';
import type { Snapshot } from '../../src/rollout/kubernetes.ts';
import type { Verdict } from '../../src/rollout/verdict.ts';
import {
  backOff,
  cluster,
  ending,
  evicted,
  exited,
  initExit,
  initialising,
  ready,
  restarted,
  rollout,
  unready,
  unschedulable,
  waiting,
} from './cluster.ts';

interface Row {
  readonly of: Snapshot;
  readonly is: `${Verdict['state']} ${Verdict['code']}`;
  readonly says?: RegExp;
  readonly pod?: string;
}

const service = 'dj-service';
const roll = (shape: Parameters<typeof rollout>[1]) => rollout(service, shape);
const quota = {
  type: 'ReplicaFailure',
  status: 'True',
  reason: 'FailedCreate',
  message:
    'pods "dj-service-7d9" is forbidden: exceeded quota: mem, requested: requests.memory=96Mi, used: requests.memory=960Mi, limited: requests.memory=1Gi',
};
const stale = {
  type: 'Progressing',
  status: 'False',
  reason: 'ProgressDeadlineExceeded',
  message: 'ReplicaSet "dj-service-old" has timed out progressing.',
};
const old = ready();
const crash = { code: 1 };
const oom = { code: 137, reason: 'OOMKilled' };

const rows: Readonly<Record<string, Row>> = {
  'no Deployment': { of: cluster(), is: 'waiting NOT_DEPLOYED' },
  'another service only': {
    of: rollout('dj-service-two', { newPods: [ready()] }),
    is: 'waiting NOT_DEPLOYED',
  },
  'status older than the spec, all counts right (E3)': {
    of: roll({
      newPods: [ready()],
      status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 },
    }),
    is: 'waiting NOT_OBSERVED',
  },
  'no status at all': { of: roll({ status: {} }), is: 'waiting NOT_OBSERVED' },
  'no status and generation 0': {
    of: roll({ status: {}, generation: 0 }),
    is: 'waiting NOT_OBSERVED',
  },
  'status newer than the spec that was read': {
    of: roll({
      newPods: [ready()],
      status: { observedGeneration: 3, replicas: 1, updatedReplicas: 1, availableReplicas: 1 },
    }),
    is: 'ready READY',
  },
  'a Deployment without replicas counted yet': {
    of: roll({ status: { observedGeneration: 2 } }),
    is: 'waiting ROLLING',
    says: /0 of 1 new pods available, creating pods$/,
  },
  'all new, nothing old': {
    of: roll({ newPods: [ready()] }),
    is: 'ready READY',
    says: /1 of 1 pods ready/,
  },
  'nothing rolled, revision 1': {
    of: roll({ newPods: [ready()], revisions: ['1', '0'], generation: 1 }),
    is: 'ready READY',
  },
  'new pod ready, old pod still serving': {
    of: roll({ newPods: [ready()], oldPods: [old] }),
    is: 'waiting OLD_PODS_REMAIN',
    says: /old pods to end: dj-service-old-0/,
  },
  'old pod ending though the status has forgotten it (N7)': {
    of: roll({ newPods: [ready()], oldPods: [ending(old)] }),
    is: 'waiting OLD_PODS_REMAIN',
    says: /dj-service-old-0/,
  },
  'status still counts an old pod that the list has not': {
    of: roll({
      newPods: [ready()],
      status: { observedGeneration: 2, replicas: 2, updatedReplicas: 1, availableReplicas: 2 },
    }),
    is: 'waiting OLD_PODS_REMAIN',
    says: /waiting for old pods to end$/,
  },
  'new pod runs unready, the old one makes the count of available right': {
    of: roll({ newPods: [unready()], oldPods: [old] }),
    is: 'waiting NOT_READY',
    says: /dj-service-new-0 runs but is not ready/,
    pod: 'dj-service-new-0',
  },
  'image being pulled': {
    of: roll({ newPods: [waiting('ContainerCreating')], oldPods: [old] }),
    is: 'waiting ROLLING',
    says: /dj-service-new-0 \(ContainerCreating\)/,
    pod: 'dj-service-new-0',
  },
  'pod not scheduled yet': {
    of: roll({ newPods: [{ status: { phase: 'Pending' } }] }),
    is: 'waiting ROLLING',
    says: /\(Pending\)/,
  },
  'ready, yet not available for minReadySeconds': {
    of: roll({
      newPods: [ready()],
      status: { observedGeneration: 2, replicas: 1, updatedReplicas: 1 },
    }),
    is: 'waiting ROLLING',
    says: /0 of 1 new pods available/,
  },
  'old pods crash, the new one comes up': {
    of: roll({ newPods: [unready()], oldPods: [backOff(crash, 9)] }),
    is: 'waiting NOT_READY',
  },
  'old pods crash, the new one is ready': {
    of: roll({ newPods: [ready()], oldPods: [ending(backOff(crash, 9))] }),
    is: 'waiting OLD_PODS_REMAIN',
  },
  'old pods were evicted long ago, their objects stay': {
    of: roll({ newPods: [ready()], oldPods: [evicted(), evicted()] }),
    is: 'ready READY',
  },
  'new pod evicted and replaced': {
    of: roll({ newPods: [evicted(), ready()] }),
    is: 'ready READY',
  },
  'new pod evicted and not replaced yet': {
    of: roll({ newPods: [evicted()] }),
    is: 'waiting ROLLING',
    says: /creating pods after dj-service-new-0: Evicted: The node was low on resource/,
  },
  'kubelet refused the pod: OutOfmemory': {
    of: roll({
      newPods: [
        {
          status: {
            phase: 'Failed',
            reason: 'OutOfmemory',
            message: "Pod was rejected: Node didn't have enough resource: memory",
          },
        },
      ],
    }),
    is: 'waiting ROLLING',
    says: /OutOfmemory: Pod was rejected/,
  },
  'node shut down, pod replaced': {
    of: roll({
      newPods: [
        { status: { phase: 'Failed', reason: 'Terminated', message: 'Pod was terminated' } },
        unready(),
      ],
    }),
    is: 'waiting NOT_READY',
  },
  paused: {
    of: roll({ newPods: [], oldPods: [old], paused: true }),
    is: 'failed PAUSED',
  },
  'paused, but that was not observed yet': {
    of: roll({ paused: true, status: { observedGeneration: 1 } }),
    is: 'waiting NOT_OBSERVED',
  },
  'scaled to 0': { of: roll({ wanted: 0 }), is: 'ready READY', says: /scaled to 0/ },
  'scaled to 0, a pod still ends': {
    of: roll({ wanted: 0, newPods: [ending(ready())] }),
    is: 'waiting OLD_PODS_REMAIN',
  },
  'autoscaler wants 2 in the midst, 1 is ready': {
    of: roll({ wanted: 2, newPods: [ready(), unready()], oldPods: [old] }),
    is: 'waiting NOT_READY',
    says: /1 of 2 new pods available/,
    pod: 'dj-service-new-1',
  },
  'autoscaler wants 2, both ready': {
    of: roll({ wanted: 2, newPods: [ready(), ready()] }),
    is: 'ready READY',
    says: /2 of 2/,
  },
  'autoscaler went back to 1, the second pod ends': {
    of: roll({ wanted: 1, newPods: [ready(), ending(ready())] }),
    is: 'waiting OLD_PODS_REMAIN',
  },
  'progress deadline exceeded, though it moves now': {
    of: roll({ newPods: [unready()], conditions: [stale] }),
    is: 'waiting NOT_READY',
  },
  'progress deadline exceeded long ago, ready now': {
    of: roll({ newPods: [ready()], conditions: [stale] }),
    is: 'ready READY',
  },
  'quota refuses the pod (E6)': {
    of: roll({ oldPods: [old], conditions: [quota] }),
    is: 'suspect POD_REFUSED',
    says: /no pod can be created: .*exceeded quota/,
  },
  'webhook refuses the pod': {
    of: roll({
      oldPods: [old],
      conditions: [
        {
          ...quota,
          message: 'admission webhook "policy.example.com" denied the request: no latest tag',
        },
      ],
    }),
    is: 'suspect POD_REFUSED',
    says: /admission webhook/,
  },
  'quota refused earlier': {
    of: roll({ newPods: [ready()], conditions: [{ ...quota, status: 'False' }] }),
    is: 'ready READY',
  },
  'quota refuses while another service is about to give room': {
    of: cluster(
      roll({ oldPods: [old], conditions: [quota] }),
      rollout('ml-service', { newPods: [unready()], oldPods: [old] }),
    ),
    is: 'waiting POD_REFUSED',
  },
  'no room (N5)': {
    of: roll({ newPods: [unschedulable()], oldPods: [old] }),
    is: 'suspect NO_ROOM',
    says: /no node takes the pod: 0\/1 nodes are available: 1 Insufficient memory/,
    pod: 'dj-service-new-0',
  },
  'no room while an old pod ends': {
    of: roll({ newPods: [unschedulable()], oldPods: [ending(old)] }),
    is: 'waiting NO_ROOM',
  },
  'no room while another service is about to give some': {
    of: cluster(
      roll({ newPods: [unschedulable()], oldPods: [old] }),
      rollout('ml-service', { newPods: [unready()], oldPods: [old] }),
    ),
    is: 'waiting NO_ROOM',
  },
  'no room for two services at once: a dead lock': {
    of: cluster(
      roll({ newPods: [unschedulable()], oldPods: [old] }),
      rollout('ml-service', { newPods: [unschedulable()], oldPods: [old] }),
    ),
    is: 'suspect NO_ROOM',
  },
  'no room, and the other rollout is stuck on a crash': {
    of: cluster(
      roll({ newPods: [unschedulable()], oldPods: [old] }),
      rollout('ml-service', { newPods: [backOff(crash, 3)], oldPods: [old] }),
    ),
    is: 'suspect NO_ROOM',
  },
  'no room, and all other rollouts are done': {
    of: cluster(
      roll({ newPods: [unschedulable()], oldPods: [old] }),
      rollout('ml-service', { newPods: [ready()] }),
    ),
    is: 'suspect NO_ROOM',
  },
  'taint keeps the pod off': {
    of: roll({
      newPods: [
        unschedulable(
          '0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/disk-pressure: }.',
        ),
      ],
    }),
    is: 'suspect NO_ROOM',
    says: /no node takes the pod: .*disk-pressure/,
  },
  'volume not bound': {
    of: roll({
      newPods: [
        unschedulable('0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.'),
      ],
    }),
    is: 'suspect NO_ROOM',
    says: /no node takes the pod: .*PersistentVolumeClaims/,
  },
  'Secret missing (N4)': {
    of: roll({
      newPods: [waiting('CreateContainerConfigError', 'secret "whatsthecraic-secrets" not found')],
    }),
    is: 'suspect CONFIG_MISSING',
    says: /secret "whatsthecraic-secrets" not found/,
  },
  'key of a Secret missing': {
    of: roll({
      newPods: [
        waiting(
          'CreateContainerConfigError',
          "couldn't find key JWT_SECRET in Secret whatsthecraic/whatsthecraic-secrets",
        ),
      ],
    }),
    is: 'suspect CONFIG_MISSING',
  },
  'ConfigMap missing': {
    of: roll({
      newPods: [waiting('CreateContainerConfigError', 'configmap "common-config-8x" not found')],
    }),
    is: 'suspect CONFIG_MISSING',
  },
  'Secret not in the cache of the kubelet yet': {
    of: roll({
      newPods: [
        waiting(
          'CreateContainerConfigError',
          'failed to sync secret cache: timed out waiting for the condition',
        ),
      ],
    }),
    is: 'waiting ROLLING',
    says: /failed to sync secret cache/,
  },
  'image runs as root': {
    of: roll({
      newPods: [
        waiting(
          'CreateContainerConfigError',
          'container has runAsNonRoot and image will run as root (pod: "dj-service", container: app)',
        ),
      ],
    }),
    is: 'suspect CANNOT_START',
  },
  'runtime under load': {
    of: roll({ newPods: [waiting('CreateContainerError', 'context deadline exceeded')] }),
    is: 'waiting ROLLING',
    says: /CreateContainerError: context deadline exceeded/,
  },
  'runtime holds the name after a time-out': {
    of: roll({
      newPods: [
        waiting(
          'CreateContainerError',
          'failed to reserve container name "app_dj-service-1_whatsthecraic_0": name "app" is reserved for "4f1c"',
        ),
      ],
    }),
    is: 'waiting ROLLING',
  },
  'entry point does not exist': {
    of: roll({
      newPods: [
        waiting(
          'RunContainerError',
          'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/usr/local/bin/nod": stat /usr/local/bin/nod: no such file or directory: unknown',
        ),
      ],
    }),
    is: 'failed CANNOT_START',
  },
  'entry point not on PATH': {
    of: roll({
      newPods: [
        waiting(
          'RunContainerError',
          'OCI runtime create failed: unable to start container process: exec: "nod": executable file not found in $PATH: unknown',
        ),
      ],
    }),
    is: 'failed CANNOT_START',
  },
  'entry point may not be run': {
    of: roll({
      newPods: [
        waiting(
          'RunContainerError',
          'OCI runtime create failed: unable to start container process: exec: "/app/server.js": permission denied: unknown',
        ),
      ],
    }),
    is: 'failed CANNOT_START',
  },
  'mount of the moment fails': {
    of: roll({
      newPods: [
        waiting(
          'RunContainerError',
          'failed to create containerd task: error mounting "/var/lib/kubelet/pods/1/volumes/tmp" to rootfs: no such file or directory: unknown',
        ),
      ],
    }),
    is: 'suspect CANNOT_START',
  },
  'entry point missing, in back-off': {
    of: roll({
      newPods: [
        backOff(
          {
            code: 128,
            reason: 'StartError',
            message:
              'failed to create containerd task: unable to start container process: exec: "/nope": stat /nope: no such file or directory: unknown',
          },
          1,
        ),
      ],
    }),
    is: 'failed CANNOT_START',
  },
  'image of another architecture': {
    of: roll({
      newPods: [exited({ code: 255, message: 'exec /usr/local/bin/node: exec format error\n' })],
    }),
    is: 'failed CANNOT_START',
    says: /exec format error/,
  },
  'exit 1, the first (N2)': {
    of: roll({ newPods: [exited(crash)], oldPods: [old] }),
    is: 'suspect CRASHED',
    says: /the container exited with code 1 once/,
    pod: 'dj-service-new-0',
  },
  'exit 1, runs again': {
    of: roll({ newPods: [restarted(crash, 1)], oldPods: [old] }),
    is: 'suspect CRASHED',
    says: /once/,
  },
  'exit 1, in back-off after the first': {
    of: roll({ newPods: [backOff(crash, 0)] }),
    is: 'suspect CRASHED',
    says: /once/,
  },
  'exit 1, the second (N2)': {
    of: roll({ newPods: [exited(crash, 1)], oldPods: [old] }),
    is: 'failed CRASHED',
    says: /code 1 2 times/,
  },
  'exit 1, in back-off after the second': {
    of: roll({ newPods: [backOff(crash, 1)] }),
    is: 'failed CRASHED',
  },
  'two exits with different codes': {
    of: roll({ newPods: [exited({ code: 2 }, 1, crash)] }),
    is: 'suspect CRASHED',
    says: /code 2 2 times/,
  },
  'three exits with different codes': {
    of: roll({ newPods: [exited({ code: 2 }, 2, crash)] }),
    is: 'failed CRASHED',
  },
  'runs again after two exits: it may heal': {
    of: roll({ newPods: [restarted(crash, 2)], oldPods: [old] }),
    is: 'suspect CRASHED',
  },
  'restart that healed': { of: roll({ newPods: [ready(2)] }), is: 'ready READY' },
  'a service that ends with exit code 0': {
    of: roll({ newPods: [exited({ code: 0 }, 1)] }),
    is: 'failed CRASHED',
    says: /code 0 2 times/,
  },
  'out of memory, the first (N3)': {
    of: roll({ newPods: [exited(oom)] }),
    is: 'suspect OUT_OF_MEMORY',
    says: /exceeded its memory limit once/,
  },
  'out of memory, the second (N3)': {
    of: roll({ newPods: [exited(oom, 1)] }),
    is: 'failed OUT_OF_MEMORY',
    says: /2 times/,
  },
  'exit 137 that was not for memory': {
    of: roll({ newPods: [exited({ code: 137 }, 1)] }),
    is: 'failed CRASHED',
    says: /code 137/,
  },
  'one of two new pods crashes': {
    of: roll({ wanted: 2, newPods: [ready(), backOff(crash, 2)] }),
    is: 'failed CRASHED',
    pod: 'dj-service-new-1',
  },
  'one pod waits for the registry, the other crashes for good': {
    of: roll({
      wanted: 2,
      newPods: [waiting('ImagePullBackOff', 'Back-off pulling image "x"'), backOff(crash, 2)],
    }),
    is: 'failed CRASHED',
  },
  'one pod waits for the registry, the other is suspect': {
    of: roll({
      wanted: 2,
      newPods: [waiting('ErrImagePull', 'i/o timeout'), exited(crash)],
    }),
    is: 'suspect CRASHED',
  },
  'init container runs': {
    of: roll({ newPods: [initialising({ state: { running: {} } })] }),
    is: 'waiting ROLLING',
    says: /\(init container migrate\)/,
  },
  'init container done': {
    of: roll({
      newPods: [
        initialising({ ready: true, state: { terminated: { exitCode: 0, reason: 'Completed' } } }),
      ],
    }),
    is: 'waiting ROLLING',
    says: /\(PodInitializing\)/,
  },
  'init container failed once': {
    of: roll({ newPods: [initExit(crash, 0)] }),
    is: 'suspect CRASHED',
  },
  'init container failed twice': {
    of: roll({ newPods: [initExit(crash, 1)] }),
    is: 'failed CRASHED',
  },
  'init container cannot be pulled': {
    of: roll({
      newPods: [
        initialising({
          state: { waiting: { reason: 'ErrImagePull', message: 'code = NotFound desc = gone' } },
        }),
      ],
    }),
    is: 'failed IMAGE_NOT_FOUND',
  },
  'image not in the registry (N1)': {
    of: roll({
      newPods: [
        waiting(
          'ErrImagePull',
          'rpc error: code = NotFound desc = failed to pull and unpack image "r:5000/a/b@sha256:11": failed to resolve reference "r:5000/a/b@sha256:11": r:5000/a/b@sha256:11: not found',
        ),
      ],
    }),
    is: 'failed IMAGE_NOT_FOUND',
  },
};

for (const [situation, { of, is, says, pod }] of Object.entries(rows)) {
  test(`judge – ${situation} – ${is}`, (t) => {
    const verdict = judge(service, of);
    t.is(`${verdict.state} ${verdict.code}`, is);
    t.is(verdict.service, service);
    if (says) t.regex(verdict.message, says);
    if (pod) t.is(verdict.pod, pod);
  });
}

test('judge – init container fails – its own log is the evidence', (t) => {
  const verdict = judge(service, roll({ newPods: [initExit(crash, 1)] }));
  t.is(verdict.container, 'migrate');
  t.is(verdict.exitCode, 1);
  t.false(verdict.previousLog);
});

test('judge – back-off – the log that tells why is the previous one', (t) => {
  t.true(judge(service, roll({ newPods: [backOff(crash, 2)] })).previousLog);
});

test('judge – a Deployment without a revision – its pods are nobody’s new ones', (t) => {
  const of = roll({ newPods: [ready()], revisions: ['', ''] });
  t.is(judge(service, of).code, 'ROLLING');
});
