import { once } from 'node:events';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { modelFolder } from '../services/ml-service/test/helpers/start-ml.ts';
import { trainingEnvironment } from '../services/ml-service/test/helpers/training-environment.ts';
import { useDatabase } from '../services/platform/test/helpers/database.ts';
import { type SignedIn, signIn } from '../services/platform/test/helpers/sign-in.ts';
import { fillHistory } from './fill-history.ts';
import { mlService, startInPod } from './in-pod.ts';
import { historyOf } from './recommendations-history.ts';

/**
 * The service itself in a pod of half a core, with 10,000 events to come and people who did something,
 * asked for 100 lists a second: `ava bench/recommendations-serving.ts`.
 */
const PER_SECOND = 100;
const SECONDS = 20;
const PORTS = { PORT: '14004', METRICS_PORT: '19464' };
const server = useDatabase(test);
const program = (name: string) =>
  fileURLToPath(new URL(`../services/ml-service/src/${name}.ts`, import.meta.url));

test('lists – 100 a second of 10,000 events within a pod’s limits', async (t) => {
  t.timeout(300_000);
  const { admin } = server();
  const folder = await modelFolder(t);
  const history = historyOf(50_000, 2_000, 82_000);
  await fillHistory(admin, history, 2_000);
  const people: SignedIn[] = [];
  for (let i = 0; i < 100; i++) people.push(await signIn(server()));
  // They are the first hundred of those who did something.
  for (const [i, { id }] of people.entries()) {
    await admin.query('UPDATE feedback SET user_id = ? WHERE user_id = ?', [id, i + 1]);
  }
  const env = {
    ...trainingEnvironment(server(), folder),
    ...PORTS,
    JWT_SECRET: 'of-a-test-'.repeat(4),
  };
  const training = await startInPod(
    ['--conditions=source', program('train'), '--now'],
    { cpu: 1, mebibytes: 512 },
    { ...env, LOG_LEVEL: 'silent' },
  );
  await once(training.child, 'exit');
  await training.remove();
  const pod = await startInPod(
    ['--conditions=source', program('server')],
    { cpu: 0.5, mebibytes: 512 },
    { ...env, ...mlService, LOG_LEVEL: 'error', LISTEN_ADDRESS: '127.0.0.1' },
  );
  t.teardown(async () => {
    pod.child.kill('SIGKILL');
    await once(pod.child, 'exit');
    await pod.remove();
  });
  const url = `http://127.0.0.1:${PORTS.PORT}`;
  const isReady = () =>
    fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isReady())) await sleep(100);

  const times: number[] = [];
  const statuses = new Map<number, number>();
  const ask = async (n: number, due: number) => {
    const { headers } = people[n % people.length] ?? { headers: {} };
    const answer = await fetch(`${url}/v1/recommendations`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '{"limit":20}',
    });
    await answer.arrayBuffer();
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    times.push(performance.now() - due);
  };
  const run = async (seconds: number) => {
    const began = performance.now();
    const asked: Promise<void>[] = [];
    for (let n = 0; n < PER_SECOND * seconds; n++) {
      const due = began + (n * 1_000) / PER_SECOND;
      if (performance.now() < due) await sleep(due - performance.now());
      asked.push(ask(n, due));
    }
    await Promise.all(asked);
  };
  const buckets = async () => {
    const told = await (await fetch(`http://127.0.0.1:${PORTS.METRICS_PORT}/metrics`)).text();
    return new Map(
      [...told.matchAll(/^recommendation_own_seconds_bucket\{le="([^"]+)"\} (\d+)$/gm)].map(
        ([, le = '', count]) => [le, Number(count)],
      ),
    );
  };
  await run(5);
  times.length = 0;
  const [before, cpu] = [await buckets(), await pod.cpuSeconds()];
  await run(SECONDS);
  const after = await buckets();
  const share = (le: string) => {
    const [all, below] = ['+Inf', le].map((it) => (after.get(it) ?? 0) - (before.get(it) ?? 0));
    return (100 * (below ?? 0)) / (all ?? 1);
  };
  times.sort((a, b) => a - b);
  const quantile = (q: number) => (times[Math.floor(times.length * q)] ?? 0).toFixed(1);
  t.log(
    `own time: ${['0.001', '0.002', '0.005', '0.01', '0.025'].map((le) => `${share(le).toFixed(2)} % within ${Number(le) * 1_000} ms`).join(', ')}`,
  );
  t.log(
    `whole answers: p50 ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms, ${JSON.stringify([...statuses])}`,
  );
  t.log(
    `CPU: ${(((await pod.cpuSeconds()) - cpu) / SECONDS).toFixed(2)} of a core; peak ${(await pod.peakMebibytes()).toFixed(0)} MiB; load average ${loadavg()[0]?.toFixed(1)}`,
  );
  t.deepEqual([...statuses.keys()], [200]);
});
