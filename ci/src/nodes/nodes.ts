import type { Room } from '../plan/capacity.ts';
import { lastingPods, nodeFields, podFields, roomOn } from '../plan/room.ts';
import { readUsage, type Usage, usageCalls } from '../plan/usage.ts';
import { groups, jsonPathOf, records } from '../target/printed.ts';
import type { KubectlCall, KubectlOutput, Target } from '../target/target.ts';
import { diskPressureFields, underDiskPressure } from './disk-pressure.ts';

/** What the nodes that take pods have to offer. */
export interface Nodes {
  readonly rooms: readonly Room[];
  /** The same when all Jobs have ended: what is too little then stays so. */
  readonly lastingRooms: readonly Room[];
  /** Nodes that say they are short of disk, with their words. */
  readonly shortOfDisk: ReadonlyMap<string, string>;
  /** What pods use at the moment. */
  readonly usage: Usage;
  /** By node, such as `linux/arm64`; of those that have told it. */
  readonly platforms: ReadonlyMap<string, string>;
  /** Digests of the images that are on each of them, as far as their kubelets list them. */
  readonly images: ReadonlySet<string>;
}

const fields = [
  ...nodeFields,
  '.status.nodeInfo.operatingSystem',
  '.status.nodeInfo.architecture',
  '.status.images[*].names',
  ...diskPressureFields,
];

/** Asks for the nodes and all of their pods, for which not everybody has the rights. */
export const nodesCall: KubectlCall = {
  args: [
    ...['get', 'nodes,pods', '--all-namespaces', '-o'],
    jsonPathOf(['?(@.kind=="Node")', fields], ['?(@.kind=="Pod")', podFields]),
  ],
};

/** Reads what `nodesCall` made kubectl print, and asks the kubelets; undefined where that is not allowed. */
export async function readNodes(
  target: Target,
  output: KubectlOutput | undefined,
): Promise<Nodes | undefined> {
  if (output?.exitCode !== 0) return undefined;
  const [nodes = [], pods = []] = groups(output.stdout).map(records);
  const names = nodes.flatMap(([name]) => name || []);
  const usage = readUsage(names.length > 0 ? await target.kubectl(usageCalls(names)) : []);
  const rooms = roomOn(nodes, pods, usage);
  const taking = nodes.filter(([name]) => rooms.some(({ node }) => node === name));
  const platforms = new Map(taking.flatMap(platformOf));
  // What the kubelet has left counts Jobs too.
  const lastingUsage = { ...usage, available: new Map() };
  const lastingRooms = roomOn(nodes, lastingPods(pods), lastingUsage);
  const shortOfDisk = underDiskPressure(nodes, nodeFields.length + 3);
  return { ...{ rooms, lastingRooms, usage, platforms, shortOfDisk }, images: onAll(taking) };
}

/** A kubelet that has not reported yet says nothing of itself. */
function platformOf(cells: readonly string[]): readonly [string, string][] {
  const [system, architecture] = cells.slice(nodeFields.length);
  return system && architecture ? [[cells[0] ?? '', `${system}/${architecture}`]] : [];
}

function onAll(nodes: readonly (readonly string[])[]): ReadonlySet<string> {
  const [first, ...others] = nodes.map((cells) => digestsIn(cells[nodeFields.length + 2] ?? ''));
  return new Set([...(first ?? [])].filter((digest) => others.every((it) => it.has(digest))));
}

const digestsIn = (text: string): ReadonlySet<string> =>
  new Set(text.match(/(?<=@)sha256:[0-9a-f]{64}/g));
