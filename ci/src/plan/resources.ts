import { quantity } from './quantity.ts';

/** What pods ask for and nodes have: cores, bytes, and places for pods. */
export interface Resources {
  readonly cpu: number;
  readonly memory: number;
  readonly pods: number;
}

interface Container {
  readonly restartPolicy?: string;
  readonly resources?: { readonly requests?: Readonly<Record<string, string>> };
}

export interface PodShape {
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
}

/**
 * What the scheduler counts for one pod: all its containers together, or its largest init container
 * if that is more.
 * https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
 */
export function requestsOf({ containers = [], initContainers = [] }: PodShape): Resources {
  const isSidecar = (it: Container): boolean => it.restartPolicy === 'Always';
  const lasting = [...containers, ...initContainers.filter(isSidecar)];
  const passing = initContainers.filter((it) => !isSidecar(it));
  const most = (resource: string): number =>
    Math.max(
      lasting.reduce((sum, it) => sum + requested(it, resource), 0),
      ...passing.map((it) => requested(it, resource)),
    );
  return { cpu: most('cpu'), memory: most('memory'), pods: 1 };
}

export const minus = (a: Resources, b: Resources): Resources => ({
  cpu: a.cpu - b.cpu,
  memory: a.memory - b.memory,
  pods: a.pods - b.pods,
});

const requested = ({ resources }: Container, resource: string): number =>
  quantity(resources?.requests?.[resource]) || 0;
