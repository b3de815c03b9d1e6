import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A pod of one of the services, by when it was seen to be what. */
interface PodTimes {
  readonly madeAt: number;
  readyAt?: number;
  goneAt?: number;
}

/** What a rollout took of the cluster itself, in the time of `performance.now()`. */
export interface Rolled {
  /** Pods that were made. */
  readonly pods: number;
  /** From the first of them to the last one that was ready or gone, in seconds. */
  readonly seconds: number;
}

export interface PodWatch {
  /** What happened between these two moments. */
  readonly between: (from: number, to: number) => Rolled;
  /** How many pods there are now. */
  readonly count: () => number;
  /** Whether all that there are now have been ready. */
  readonly areReady: () => boolean;
  readonly stop: () => void;
}

const path =
  '{.type} {.object.metadata.uid} {.object.metadata.ownerReferences[0].kind} ' +
  '{.object.status.conditions[?(@.type=="Ready")].status}{"\\n"}';

/** Watches the pods of a namespace's Deployments from outside, by a watch of the API server. */
export function watchPods(kubectl: string, kubeconfig: string, namespace: string): PodWatch {
  const watching = spawn(
    kubectl,
    [
      ...['--kubeconfig', kubeconfig, 'get', 'pods', `--namespace=${namespace}`],
      ...['--watch', '--output-watch-events', '-o', `jsonpath=${path}`],
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      // Without a home kubectl would keep its cache in the repository.
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
    },
  );
  const pods = new Map<string, PodTimes>();
  createInterface(watching.stdout).on('line', (line) => {
    const [type, uid = '', owner, ready] = line.split(' ');
    if (owner !== 'ReplicaSet') return;
    const now = performance.now();
    const pod = pods.get(uid) ?? { madeAt: now };
    pods.set(uid, pod);
    if (ready === 'True') pod.readyAt ??= now;
    if (type === 'DELETED') pod.goneAt = now;
  });
  const present = () => [...pods.values()].filter(({ goneAt }) => goneAt === undefined);
  return {
    between: (from, to) => {
      const within = (at?: number): at is number => at !== undefined && at >= from && at <= to;
      const all = [...pods.values()];
      const made = all.map(({ madeAt }) => madeAt).filter(within);
      const ends = all.flatMap(({ readyAt, goneAt }) => [readyAt, goneAt]).filter(within);
      const seconds =
        made.length === 0 ? 0 : (Math.max(...made, ...ends) - Math.min(...made)) / 1_000;
      return { pods: made.length, seconds };
    },
    count: () => present().length,
    areReady: () => present().every(({ readyAt }) => readyAt !== undefined),
    stop: () => watching.kill(),
  };
}
