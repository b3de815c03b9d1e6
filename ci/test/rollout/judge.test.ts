import {
  backOff,
  cluster,
  ending,
  evicted,
  ready,
  rollout,
  unready,
  unschedulable,
  waiting,
} from './cluster.ts';
import { crash, old, roll, testRows } from './judge-rows.ts';

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

testRows({
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
    is: 'waiting NODE_PRESSURE',
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
    is: 'waiting NODE_PRESSURE',
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
    is: 'suspect NOT_READY',
  },
  'progress deadline exceeded, no pod runs': {
    of: roll({ newPods: [waiting('ContainerCreating')], conditions: [stale] }),
    is: 'suspect TIMED_OUT',
  },
  'startup probe passed, not ready': {
    of: roll({ newPods: [unready(true)] }),
    is: 'suspect NOT_READY',
  },
  'progress deadline exceeded long ago, ready now': {
    of: roll({ newPods: [ready()], conditions: [stale] }),
    is: 'ready READY',
  },
  'quota refuses the pod (E6)': {
    of: roll({ oldPods: [old], conditions: [quota] }),
    is: 'suspect QUOTA_EXCEEDED',
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
    is: 'waiting QUOTA_EXCEEDED',
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
    is: 'waiting NODE_PRESSURE',
    says: /no node takes the pod: .*disk-pressure/,
  },
  'volume not bound': {
    of: roll({
      newPods: [
        unschedulable('0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.'),
      ],
    }),
    is: 'suspect VOLUME_UNBOUND',
    says: /no node takes the pod: .*PersistentVolumeClaims/,
  },
});
