import test from 'ava';
import { judge } from '../../src/rollout/judge.ts';
import { backOff, exited, initExit, initialising, ready, restarted, waiting } from './cluster.ts';
import { crash, old, oom, roll, service, testRows } from './judge-rows.ts';

testRows({
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
    is: 'suspect INIT_FAILED',
  },
  'init container failed twice': {
    of: roll({ newPods: [initExit(crash, 1)] }),
    is: 'failed INIT_FAILED',
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
});

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
