import { setTimeout as sleep } from 'node:timers/promises';
import { namespace } from '../../ci/src/namespace.ts';
import type { Admin } from '../../local/admin.ts';
import { type Connections, type LoadResult, measureCapacity, startLoad } from './load.ts';

/** Of what a pod carries, so much is asked of it while it is being replaced. */
const SHARE = 0.7;
const CALLERS = 16;
const MEASURE_SECONDS = 4;
const GONE_LIMIT_MS = 180_000;

export interface RestartOptions {
  readonly admin: Admin;
  /** The Deployment whose Service is asked. */
  readonly deployment: string;
  /** Deployments that are restarted together with it. */
  readonly others?: readonly string[];
  readonly path: string;
  readonly times: number;
  readonly say: (text: string) => void;
}

export interface RestartResult {
  /** Answers a second of one pod with its CPU limit. */
  readonly capacity: number;
  readonly rate: number;
  readonly restarts: number;
  readonly loads: Readonly<Record<Connections, LoadResult>>;
}

/** Restarts Deployments again and again while their Service is asked over kept and fresh connections. */
export async function restartUnderLoad(options: RestartOptions): Promise<RestartResult> {
  const { admin, deployment, others = [], path, times, say } = options;
  const url = `http://${await serviceAddress(admin, deployment)}${path}`;
  await measureCapacity(url, CALLERS, MEASURE_SECONDS); // A pod that just started is slower.
  const capacity = await measureCapacity(url, CALLERS, MEASURE_SECONDS);
  const rate = Math.floor(capacity * SHARE);
  say(`${deployment}: ${Math.round(capacity)} answers a second; asking ${rate} times a second`);
  const kept = startLoad(url, rate / 2, 'kept');
  const fresh = startLoad(url, rate / 2, 'fresh');
  const stop = async () => ({ kept: await kept.stop(), fresh: await fresh.stop() });
  try {
    for (let time = 1; time <= times; time += 1) {
      await restart(admin, [deployment, ...others]);
      say(`${deployment}: restart ${time} of ${times}`);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { capacity, rate, restarts: times, loads: await stop() };
}

async function serviceAddress(admin: Admin, name: string): Promise<string> {
  const path = 'jsonpath={.spec.clusterIP}:{.spec.ports[0].port}';
  return admin(['get', 'service', name, `--namespace=${namespace}`, '-o', path]);
}

/** One rolling restart, up to the end of the last old pod. */
async function restart(admin: Admin, deployments: readonly string[]): Promise<void> {
  const old = await pods(admin, deployments);
  const names = deployments.map((name) => `deployment/${name}`);
  await admin(['rollout', 'restart', ...names, `--namespace=${namespace}`]);
  const deadline = Date.now() + GONE_LIMIT_MS;
  for (;;) {
    const now = await pods(admin, deployments);
    if (!now.some((pod) => old.includes(pod))) return;
    if (Date.now() > deadline) throw new Error(`old pods stay: ${now.join(' ')}`);
    await sleep(500);
  }
}

async function pods(admin: Admin, deployments: readonly string[]): Promise<string[]> {
  const selector = `app.kubernetes.io/name in (${deployments.join(',')})`;
  const args = ['get', 'pods', `--namespace=${namespace}`, '-l', selector, '-o', 'name'];
  return (await admin(args)).split('\n').filter(Boolean);
}
