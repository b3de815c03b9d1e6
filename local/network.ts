import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { BlockList } from 'node:net';
import { join } from 'node:path';
import { writePrivateFile } from './private-file.ts';
import { run, tryRun } from './run.ts';
import type { Instance } from './state.ts';

/** The addresses of an instance's cluster, all out of one block of 65,536. */
export interface Network {
  /** Second octet of the block, which also names the link: two instances cannot take the same one. */
  readonly block: number;
  /** The whole block; the host has one route for it. */
  readonly cidr: string;
  readonly hostAddress: string;
  readonly nodeAddress: string;
  readonly podCidr: string;
  readonly serviceCidr: string;
  readonly linkName: string;
}

/** Every block that an instance may take is in use on this machine. */
export class NoFreeNetwork extends Error {
  override readonly name = 'NoFreeNetwork';
  readonly code = 'NO_FREE_NETWORK';
}

/** The kernel refused a virtual network link. */
export class NoLink extends Error {
  override readonly name = 'NoLink';
  readonly code = 'NO_LINK';
}

/**
 * Where to look, by first octet, for second octets that no other range has: parts of RFC 1918 that
 * home routers and container engines seldom use. Some VPNs route all of 10.0.0.0/8.
 */
const RANGES = [
  { first: 10, from: 83, to: 114 },
  { first: 172, from: 24, to: 31 },
] as const;

/** The addresses that belong to a block. */
export function networkOf(block: number): Network {
  const range = RANGES.find(({ from, to }) => from <= block && block <= to);
  if (!range) throw new TypeError(`network block: expected one of the ranges, got ${block}`);
  const prefix = `${range.first}.${block}`;
  return {
    block,
    cidr: `${prefix}.0.0/16`,
    hostAddress: `${prefix}.0.1`,
    nodeAddress: `${prefix}.0.2`,
    podCidr: `${prefix}.64.0/24`,
    serviceCidr: `${prefix}.128.0/20`,
    linkName: `wtc${block}`,
  };
}

/** The blocks that share no address with `inUse`, a list of IPv4 addresses and ranges. */
export function freeBlocks(inUse: readonly string[]): number[] {
  const blocks = RANGES.flatMap(({ from, to }) =>
    Array.from({ length: to - from + 1 }, (_, n) => from + n),
  );
  return blocks.filter((block) => !inUse.some((range) => overlaps(networkOf(block).cidr, range)));
}

/**
 * Claims the network that the instance had before, else the first free one, by making the link: no
 * two instances can have one of the same name, also when both start at the same moment.
 */
export async function claimNetwork(instance: Instance): Promise<Network> {
  const file = memoryFile(instance);
  const free = freeBlocks(await rangesInUse());
  const last = await readFile(file, 'utf8').then(Number, () => Number.NaN);
  const candidates = free.includes(last) ? [last, ...free] : free;
  for (const network of candidates.map(networkOf)) {
    if (!(await makeLink(network, markOf(instance)))) continue;
    await writePrivateFile(file, String(network.block));
    return network;
  }
  throw new NoFreeNetwork(
    `routes of this machine cover every range that a cluster may take, from ` +
      `${networkOf(RANGES[0].from).cidr} on; stop another instance or a VPN (see: ip route)`,
  );
}

/** The network that an instance is known to have, running or not. */
export async function knownNetwork(instance: Instance): Promise<Network | undefined> {
  const text = await readFile(memoryFile(instance), 'utf8').catch(() => '');
  return text ? networkOf(Number(text)) : undefined;
}

/** Joins the host to the network namespace of process `pid` by the link of a claimed network. */
export async function joinNamespace(network: Network, pid: number): Promise<void> {
  const { linkName, hostAddress, nodeAddress, cidr } = network;
  const inside = ['nsenter', `--net=/proc/${pid}/ns/net`, '--', 'ip'];
  await run(['ip', 'link', 'set', peerName(network), 'netns', String(pid), 'name', 'node0']);
  await run(['ip', 'addr', 'add', `${hostAddress}/30`, 'dev', linkName]);
  await run(['ip', 'link', 'set', linkName, 'up']);
  await run([...inside, 'link', 'set', 'lo', 'up']);
  await run([...inside, 'addr', 'add', `${nodeAddress}/30`, 'dev', 'node0']);
  await run([...inside, 'link', 'set', 'node0', 'up']);
  await run([...inside, 'route', 'add', 'default', 'via', hostAddress]);
  await run(['ip', 'route', 'add', cidr, 'via', nodeAddress]);
}

/**
 * Takes away the link of an instance and with it its routes. It is known by its mark, not by its
 * name: since the instance ended, another one may have taken the same network.
 */
export async function removeLink(instance: Instance): Promise<void> {
  for (const { ifname, ifalias } of await links()) {
    if (ifalias === markOf(instance)) await tryRun(['ip', 'link', 'delete', ifname]);
  }
}

/** Gives up the addresses of an instance; its next start may choose others. */
export async function forgetNetwork(instance: Instance): Promise<void> {
  await rm(memoryFile(instance), { force: true });
}

const memoryFile = (instance: Instance) => join(instance.stateFolder, 'network.json');
const peerName = (network: Network) => `${network.linkName}n`;
const markOf = (instance: Instance) =>
  createHash('sha256').update(instance.stateFolder).digest('hex');

async function makeLink(network: Network, mark: string): Promise<boolean> {
  const { linkName } = network;
  // In one go: whoever is killed in between would leave a link that nobody knows to be ours.
  const input = [
    `link add ${linkName} type veth peer name ${peerName(network)}`,
    `link set dev ${linkName} alias ${mark}`,
  ].join('\n');
  const added = await tryRun(['ip', '-batch', '-'], { input: `${input}\n` });
  if (added.exitCode === 0) return true;
  if (/File exists/.test(added.stderr)) return false;
  throw new NoLink(`cannot make a network link (root is needed): ${added.stderr.trim()}`);
}

async function links(): Promise<{ ifname: string; ifalias?: string }[]> {
  return JSON.parse(await run(['ip', '-j', 'link']));
}

async function rangesInUse(): Promise<string[]> {
  const addresses = JSON.parse(await run(['ip', '-4', '-j', 'addr'])) as {
    addr_info?: { local: string; prefixlen: number }[];
  }[];
  const routes = JSON.parse(await run(['ip', '-4', '-j', 'route', 'show', 'table', 'all'])) as {
    dst: string;
  }[];
  return [
    ...addresses.flatMap((link) => (link.addr_info ?? []).map((a) => `${a.local}/${a.prefixlen}`)),
    ...routes.map((route) => route.dst).filter((range) => /^\d/.test(range)),
  ];
}

function overlaps(a: string, b: string): boolean {
  return contains(a, firstAddress(b)) || contains(b, firstAddress(a));
}

const firstAddress = (range: string) => range.split('/')[0] ?? range;

function contains(range: string, address: string): boolean {
  const [base = '', bits = '32'] = range.split('/');
  const list = new BlockList();
  list.addSubnet(base, Number(bits), 'ipv4');
  return list.check(address, 'ipv4');
}
