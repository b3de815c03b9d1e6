import { PipelineError } from '../errors.ts';
import { saidBy } from '../target/printed.ts';
import type { Target } from '../target/target.ts';
import type { Node } from './nodes.ts';

/** What a pod uses: cores, and bytes of its working set, which is what the kubelet evicts by. */
export interface PodUse {
  readonly cpu: number;
  readonly memory: number;
}

export interface UseOfNode extends PodUse {
  readonly node: string;
}

interface Usage {
  readonly cpu?: { readonly usageNanoCores?: number };
  readonly memory?: { readonly workingSetBytes?: number };
}

/** https://kubernetes.io/docs/reference/instrumentation/node-metrics/#summary-api-source */
interface Summary {
  readonly node?: Usage;
  readonly pods?: readonly (Usage & {
    readonly podRef: { readonly name: string; readonly namespace: string };
  })[];
}

/** Asks the kubelets what pods use, by their names; needs no metrics server. */
export async function readUse(
  target: Target,
  nodes: readonly Node[],
): Promise<{ pods: ReadonlyMap<string, PodUse>; nodes: readonly UseOfNode[] }> {
  const calls = nodes.map(({ name }) => ({
    args: ['get', '--raw', `/api/v1/nodes/${name}/proxy/stats/summary`],
    timeoutSeconds: 10,
  }));
  const outputs = await target.kubectl(calls);
  const summaries = outputs.map((output, index) => {
    if (output.exitCode === 0) return JSON.parse(output.stdout) as Summary;
    const what = `The kubelet of ${nodes[index]?.name} does not say what pods use: ${saidBy(output)}`;
    throw new PipelineError('CLUSTER_UNREACHABLE', what);
  });
  const own = summaries
    .flatMap(({ pods = [] }) => pods)
    .filter(({ podRef }) => podRef.namespace === target.namespace);
  return {
    pods: new Map(own.map((it) => [it.podRef.name, toUse(it)])),
    nodes: summaries.map(({ node = {} }, index) => ({
      node: nodes[index]?.name ?? '',
      ...toUse(node),
    })),
  };
}

const toUse = ({ cpu, memory }: Usage): PodUse => ({
  cpu: (cpu?.usageNanoCores ?? 0) / 1e9,
  memory: memory?.workingSetBytes ?? 0,
});
