import test from 'ava';
import { restartsOf, runningImage } from '../../src/rollout/changed-pods.ts';
import { momentsOf } from '../../src/rollout/moments.ts';
import { cluster, type PodShape, ready, rollout, unready, waiting } from './cluster.ts';

const service = 'dj-service';
const withImage = (pod: PodShape, imageID: string): PodShape => {
  const containers = pod.status.containerStatuses?.map((it) => ({ ...it, name: service, imageID }));
  return {
    ...pod,
    status: { ...pod.status, ...(containers ? { containerStatuses: containers } : {}) },
  };
};
const digest = `registry/dj-service@sha256:${'a'.repeat(64)}`;
const before = rollout(service, { oldPods: [withImage(ready(), digest)] });

const steps = [
  ['nothing made yet', { oldPods: [ready()] }, []],
  ['pulling', { oldPods: [ready()], newPods: [waiting('ContainerCreating')] }, ['created']],
  [
    'running',
    { oldPods: [ready()], newPods: [withImage(unready(), digest)] },
    ['created', 'pulled', 'started'],
  ],
  [
    'ready beside the old pod',
    { oldPods: [ready()], newPods: [withImage(ready(), digest)] },
    ['created', 'pulled', 'started', 'ready'],
  ],
  [
    'alone',
    { newPods: [withImage(ready(), digest)] },
    ['created', 'pulled', 'started', 'ready', 'oldGone'],
  ],
] as const;

for (const [what, shape, moments] of steps) {
  test(`moments – ${what} – ${moments.join(', ') || 'none'}`, (t) => {
    t.deepEqual(momentsOf(service, before, rollout(service, shape)), moments);
  });
}

test('moments – the pods were there before – none, however well they are', (t) => {
  const kept = rollout(service, { newPods: [ready()] });
  t.deepEqual(momentsOf(service, kept, kept), []);
  t.deepEqual(momentsOf(service, before, cluster()), []);
});

test('restarts – of new pods alone – are counted', (t) => {
  const old = rollout(service, { oldPods: [ready(7)] });
  t.is(restartsOf(service, old, rollout(service, { oldPods: [ready(7)], newPods: [ready(2)] })), 2);
});

test('running image – as the node names it – is repository and digest; none without a pod', (t) => {
  t.is(runningImage(service, before), digest);
  const docker = rollout(service, { newPods: [withImage(ready(), `docker-pullable://${digest}`)] });
  t.is(runningImage(service, docker), digest);
  t.is(runningImage(service, cluster()), undefined);
});
