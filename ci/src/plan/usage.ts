import type { KubectlCall, KubectlOutput } from '../target/target.ts';

/** What nodes and pods use at the moment, as far as the kubelets told. */
export interface Usage {
  /** Bytes that a node has left, by its name. */
  readonly available: ReadonlyMap<string, number>;
  /** Bytes of a pod's working set, by `namespace/name`. */
  readonly pods: ReadonlyMap<string, number>;
  /** Where a node keeps its images, by its name. */
  readonly disks?: ReadonlyMap<string, Disk>;
}

/** Bytes of a file system. */
export interface Disk {
  readonly available: number;
  readonly capacity: number;
}

/** Where nobody may ask the kubelets, or where they do not answer, requests have to do. */
export const usageUnknown: Usage = { available: new Map(), pods: new Map() };

/** Asks the kubelets through the API server, which needs a right that not everybody has. */
export const usageCalls = (nodes: readonly string[]): readonly KubectlCall[] =>
  nodes.map((node) => ({
    args: ['get', '--raw', `/api/v1/nodes/${node}/proxy/stats/summary`],
    timeoutSeconds: 10,
  }));

interface FileSystem {
  readonly availableBytes?: number;
  readonly capacityBytes?: number;
}

interface Memory {
  readonly availableBytes?: number;
  readonly workingSetBytes?: number;
}

/** https://github.com/kubernetes/kubelet/blob/v0.34.2/pkg/apis/stats/v1alpha1/types.go */
interface Summary {
  readonly node?: {
    readonly nodeName?: string;
    readonly memory?: Memory;
    readonly fs?: FileSystem;
    readonly runtime?: { readonly imageFs?: FileSystem };
  };
  readonly pods?: readonly {
    readonly podRef: { readonly name: string; readonly namespace: string };
    readonly memory?: Memory;
  }[];
}

/** Reads what `usageCalls` made kubectl print; a node that said nothing sensible is left out. */
export function readUsage(outputs: readonly KubectlOutput[]): Usage {
  const available = new Map<string, number>();
  const used = new Map<string, number>();
  const disks = new Map<string, Disk>();
  for (const { exitCode, stdout } of outputs) {
    const { node, pods = [] } = exitCode === 0 ? parse(stdout) : {};
    const { availableBytes } = node?.memory ?? {};
    if (node?.nodeName && availableBytes !== undefined)
      available.set(node.nodeName, availableBytes);
    const disk = diskOf(node);
    if (node?.nodeName && disk) disks.set(node.nodeName, disk);
    for (const { podRef, memory } of pods) {
      if (memory?.workingSetBytes === undefined) continue;
      used.set(`${podRef.namespace}/${podRef.name}`, memory.workingSetBytes);
    }
  }
  return { available, pods: used, disks };
}

/** Without a file system of their own, images lie on the node's. */
function diskOf(node: Summary['node']): Disk | undefined {
  const { availableBytes, capacityBytes } = node?.runtime?.imageFs ?? node?.fs ?? {};
  if (availableBytes === undefined || capacityBytes === undefined) return undefined;
  return { available: availableBytes, capacity: capacityBytes };
}

function parse(text: string): Summary {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

/** The most that a present pod of a Deployment uses: what its successor will need as well. */
export function usedBy(service: string, namespace: string, { pods }: Usage): number {
  const name = new RegExp(`^${namespace}/${service}-[a-z0-9]+-[a-z0-9]{5}$`);
  const own = [...pods].filter(([pod]) => name.test(pod)).map(([, bytes]) => bytes);
  return Math.max(0, ...own);
}
