import test from 'ava';
import { readJob } from '../../src/job/job-state.ts';
import { fakeClock } from '../fake-clock.ts';
import { fakeTarget } from '../fake-target.ts';
import { cluster } from '../rollout/cluster.ts';

const exited = (name: string, exitCode: number) => ({
  ...{ name, restartCount: 0 },
  state: { terminated: { exitCode } },
});
const running = { name: 'slow', restartCount: 0, state: { running: {} } };

async function endWith(...containerStatuses: readonly object[]) {
  const pods = [{ name: 'p', status: { phase: 'Running', containerStatuses } }] as never;
  const target = fakeTarget(fakeClock(), { cluster: () => cluster(), job: () => ({ pods }) });
  return (await readJob(target, 'pull-1')).ended;
}

test('Job – all containers of its pod have ended – ends with them, before Kubernetes closes it', async (t) => {
  t.is(await endWith(exited('a', 0), exited('b', 0)), 'complete');
  t.is(await endWith(exited('a', 0), exited('b', 1)), 'failed');
});

test('Job – one container still runs, or none has begun – has no end', async (t) => {
  t.is(await endWith(exited('a', 0), running), undefined);
  t.is(await endWith(exited('a', 1), running), undefined);
  t.is(await endWith(), undefined);
});

test('Job – closed by Kubernetes, for its deadline or its back-off limit – has failed, with the words', async (t) => {
  for (const [reason, words] of [
    ['DeadlineExceeded', 'Job was active longer than specified deadline'],
    ['BackoffLimitExceeded', 'Job has reached the specified backoff limit'],
  ] as const) {
    const report = { ended: 'Failed' as const, reason: words };
    const target = fakeTarget(fakeClock(), { cluster: () => cluster(), job: () => report });
    const { ended, reason: said } = await readJob(target, 'pull-1');
    t.deepEqual([ended, said], ['failed', words], reason);
  }
});

test('Job – gone – said, and not waited for', async (t) => {
  const target = fakeTarget(fakeClock(), {
    cluster: () => cluster(),
    answer: () => ({ exitCode: 0, stdout: '\x1d\x1d', stderr: '' }),
  });
  await t.throwsAsync(readJob(target, 'pull-1'), {
    message: /The Job pull-1 cannot be read .*: there is none of that name/,
  });
});
