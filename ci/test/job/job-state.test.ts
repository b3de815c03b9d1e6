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
