import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A pod of one of the services, or one that pulls images for them, by when it was seen to be what. */
interface PodTimes {
  readonly pulls: boolean;
  readonly madeAt: number;
  /** Ready, or done with pulling. */
  readyAt?: number;
  goneAt?: number;
}

/** What a rollout took of the cluster itself, in the time of `performance.now()`. */
export interface Rolled {
  /** Pods that were made. */
  readonly pods: number;
  /** From the first of them to the last one that was ready or gone, in seconds. */
  readonly seconds: number;
  /** How long the node pulled images before it, in seconds. */
  readonly pullSeconds: number;
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
  '{.type} {.object.metadata.uid} {.object.metadata.ownerReferences[0].kind}/' +
  '{.object.metadata.ownerReferences[0].name} {.object.status.phase} ' +
  '{.object.status.conditions[?(@.type=="Ready")].status}|{.object.spec.containers[*].name}|' +
  '{.object.status.containerStatuses[*].state.terminated.exitCode}{"\\n"}';

const wordsIn = (text = ''): number => text.split(' ').filter(Boolean).length;

/** Watches the pods of a namespace's Deployments and of its pulls from outside, by a watch of the API server. */
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
    const [about = '', containers, exits] = line.split('|');
    const [type, uid = '', owner = '', phase, ready] = about.split(' ');
    const pulls = owner.startsWith('Job/pull-');
    if (!pulls && !owner.startsWith('ReplicaSet/')) return;
    const now = performance.now();
    const pod = pods.get(uid) ?? { pulls, madeAt: now };
    pods.set(uid, pod);
    // A pod has Succeeded a moment after the last of its containers, for which a pull is waited.
    const isDone = phase === 'Succeeded' || (pulls && wordsIn(containers) === wordsIn(exits));
    if (ready === 'True' || isDone) pod.readyAt ??= now;
    if (type === 'DELETED') pod.goneAt = now;
  });
  const present = () =>
    [...pods.values()].filter(({ pulls, goneAt }) => !pulls && goneAt === undefined);
  return {
    between: (from, to) => {
      const within = (at?: number): at is number => at !== undefined && at >= from && at <= to;
      const lasted = (made: readonly number[], ends: readonly number[]) =>
        made.length === 0 ? 0 : (Math.max(...made, ...ends) - Math.min(...made)) / 1_000;
      const timesOf = (pulls: boolean) => {
        const some = [...pods.values()].filter((it) => it.pulls === pulls);
        const made = some.map(({ madeAt }) => madeAt).filter(within);
        const ready = some.map(({ readyAt }) => readyAt).filter(within);
        return { made, ready, gone: some.map(({ goneAt }) => goneAt).filter(within) };
      };
      const [pulling, serving] = [timesOf(true), timesOf(false)];
      return {
        pods: serving.made.length,
        seconds: lasted(serving.made, [...serving.ready, ...serving.gone]),
        // A Job's pods are removed long after they have ended.
        pullSeconds: lasted(pulling.made, pulling.ready),
      };
    },
    count: () => present().length,
    areReady: () => present().every(({ readyAt }) => readyAt !== undefined),
    stop: () => watching.kill(),
  };
}
