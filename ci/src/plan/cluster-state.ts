import { PipelineError } from '../errors.ts';
import { type KubernetesObject, objectKey } from '../manifests/objects.ts';
import { parseManifests, printManifests } from '../manifests/text.ts';
import { diskPressureFields, underDiskPressure } from '../nodes/disk-pressure.ts';
import { jsonPath, records, saidBy } from '../target/printed.ts';
import type { KubectlCall, KubectlOutput, Target } from '../target/target.ts';
import type { Labelled } from './leftovers.ts';
import { nodeFields, podFields } from './room.ts';

/** What a plan needs to know of a cluster. */
export interface ClusterState {
  /** Those of the objects asked for that are there, `managedFields` included, by their key. */
  readonly live: ReadonlyMap<string, KubernetesObject>;
  readonly labelled: readonly Labelled[];
  /** Nodes and pods, by the fields that `roomOn` reads; absent where they may not be listed. */
  readonly placement?: Placement;
  /** Absent where nodes may not be listed. */
  readonly nodes?: readonly ClusterNode[];
  /** Nodes that say they are short of disk, with their words. */
  readonly shortOfDisk?: ReadonlyMap<string, string>;
  /** ConfigMaps that the namespace's pods read. */
  readonly configMapsInUse: ReadonlySet<string>;
  /** What could not be read, in the server's words; a deploy needs none of it. */
  readonly unread: readonly string[];
}

export interface ClusterNode {
  readonly name: string;
  /** The kubelet's version. */
  readonly kubelet: string;
  /** The version of ECR's credential provider, which k8s/node's script notes; empty without it. */
  readonly ecrProvider: string;
}

export interface Placement {
  readonly nodes: readonly (readonly string[])[];
  readonly pods: readonly (readonly string[])[];
}

/** Kinds of which the platform's label is looked for: those that a release may hold and nobody else makes. */
const kinds = [
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'cronjobs.batch',
  'services',
  'ingresses.networking.k8s.io',
  'networkpolicies.networking.k8s.io',
  'configmaps',
  'persistentvolumeclaims',
  'serviceaccounts',
  'roles.rbac.authorization.k8s.io',
  'rolebindings.rbac.authorization.k8s.io',
  'poddisruptionbudgets.policy',
  'horizontalpodautoscalers.autoscaling',
];

const labelledFields = [
  '.apiVersion',
  '.kind',
  '.metadata.namespace',
  '.metadata.name',
  '.metadata.ownerReferences[0].uid',
];

const usedNodeFields = [
  ...nodeFields,
  '.status.nodeInfo.kubeletVersion',
  '.metadata.annotations.whatsthecraic\\.run\\.place/ecr-credential-provider',
  ...diskPressureFields,
];

const usedFields = [
  ...podFields,
  '.spec.containers[*].envFrom[*].configMapRef.name',
  '.spec.containers[*].env[*].valueFrom.configMapKeyRef.name',
  '.spec.volumes[*].configMap.name',
];

const fixedCalls: readonly KubectlCall[] = [
  {
    args: [
      ...['get', kinds.join(','), '--selector=app.kubernetes.io/part-of=whatsthecraic'],
      ...['-o', jsonPath(labelledFields)],
    ],
  },
  { args: ['get', 'nodes', '-o', jsonPath(usedNodeFields)] },
  { args: ['get', 'pods', '--all-namespaces', '-o', jsonPath(usedFields)] },
];

/**
 * Reads all of it in one round trip; `more` are calls of the caller's own, whose outputs come back
 * as they are.
 */
export async function readCluster(
  target: Target,
  objects: readonly KubernetesObject[],
  more: readonly KubectlCall[] = [],
): Promise<{ state: ClusterState; outputs: readonly KubectlOutput[] }> {
  const lookups = lookUpCalls(objects);
  const calls = [...fixedCalls, ...lookups, ...more];
  const all = await target.kubectl(calls);
  const fixed = all.slice(0, fixedCalls.length);
  const [labelled, nodes, pods] = fixed.map((it) =>
    it.exitCode === 0 ? records(it.stdout) : undefined,
  );
  const found = all.slice(fixedCalls.length, fixedCalls.length + lookups.length);
  return {
    state: {
      live: readLookUps(target, found),
      labelled: (labelled ?? []).map(toLabelled),
      ...(nodes && pods ? { placement: { nodes, pods } } : {}),
      ...(nodes
        ? {
            nodes: nodes.map(toNode),
            shortOfDisk: underDiskPressure(nodes, nodeFields.length + 2),
          }
        : {}),
      configMapsInUse: new Set(
        (pods ?? []).filter(([where]) => where === target.namespace).flatMap(configMapsIn),
      ),
      unread: fixed.filter(({ exitCode }) => exitCode !== 0).map(saidBy),
    },
    outputs: all.slice(fixedCalls.length + lookups.length),
  };
}

/** Ask for the objects as they are on the cluster, `managedFields` included. */
export const lookUpCalls = (
  objects: readonly KubernetesObject[],
  output: readonly string[] = ['--show-managed-fields', '-o', 'json'],
): readonly KubectlCall[] => [...byApi(objects)].map((group) => lookUp(group, output));

/** Reads what `lookUpCalls` made kubectl print. */
export function readLookUps(
  target: Target,
  outputs: readonly KubectlOutput[],
): ReadonlyMap<string, KubernetesObject> {
  const found = textsOf(target, outputs).flatMap(parseManifests);
  return new Map(found.map((it) => [objectKey(it), it]));
}

/** What `lookUpCalls` made kubectl print of the kinds that the cluster knows. */
export const textsOf = (target: Target, outputs: readonly KubectlOutput[]): readonly string[] =>
  outputs.flatMap((output) => {
    // A kind that the cluster does not know: none of it is there.
    if (output.exitCode !== 0 && /no matches for kind/.test(output.stderr)) return [];
    if (output.exitCode !== 0) throw unreachable(target, output);
    return output.stdout;
  });

/** One call for each API, since one that the cluster does not know spoils the whole answer. */
function byApi(objects: readonly KubernetesObject[]): Iterable<KubernetesObject[]> {
  const groups = new Map<string, KubernetesObject[]>();
  for (const object of objects) {
    const [group = ''] = object.apiVersion.split('/');
    const builtIn = !group.includes('.') || group.endsWith('.k8s.io');
    const name = builtIn ? '' : object.apiVersion;
    groups.set(name, [...(groups.get(name) ?? []), object]);
  }
  return groups.values();
}

function lookUp(objects: readonly KubernetesObject[], output: readonly string[]): KubectlCall {
  const names = objects.map(({ apiVersion, kind, metadata: { name, namespace: place } }) => ({
    apiVersion,
    kind,
    metadata: { name, ...(place ? { namespace: place } : {}) },
  }));
  const args = ['get', '--filename=-', '--ignore-not-found', ...output];
  return { args, input: printManifests(names) };
}

function toNode(cells: readonly string[]): ClusterNode {
  const [name = '', , , , kubelet = '', ecrProvider = ''] = cells;
  return { name, kubelet, ecrProvider };
}

function toLabelled(cells: readonly string[]): Labelled {
  const [apiVersion = '', kind = '', place = '', name = '', owner = ''] = cells;
  const key = objectKey({ apiVersion, kind, metadata: { name, namespace: place } });
  return { key, name: `${kind} ${name}`, owned: owner !== '' };
}

const configMapsIn = (cells: readonly string[]): string[] =>
  cells.slice(podFields.length).flatMap((cell) => cell.split(' ').filter(Boolean));

const unreachable = (target: Target, output: KubectlOutput): PipelineError =>
  new PipelineError(
    'CLUSTER_UNREACHABLE',
    `The API server of ${target.description} did not answer: ${saidBy(output)}`,
  );
