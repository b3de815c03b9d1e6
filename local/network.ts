import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { BlockList } from 'node:net';
import { join } from 'node:path';
import { run } from './run.ts';
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

const FIRST_BLOCK = 83;
const LAST_BLOCK = 114;

/** The addresses that belong to block `10.<block>.0.0/16`. */
export function networkOf(block: number): Network {
  return {
    block,
    cidr: `10.${block}.0.0/16`,
    hostAddress: `10.${block}.0.1`,
    nodeAddress: `10.${block}.0.2`,
    podCidr: `10.${block}.64.0/24`,
    serviceCidr: `10.${block}.128.0/20`,
    linkName: `wtc${block}`,
  };
}

/** The blocks that share no address with `inUse`, a list of IPv4 addresses and ranges. */
export function freeBlocks(inUse: readonly string[]): number[] {
  const blocks = Array.from({ length: LAST_BLOCK - FIRST_BLOCK + 1 }, (_, n) => FIRST_BLOCK + n);
  return blocks.filter((block) => !inUse.some((range) => overlaps(networkOf(block).cidr, range)));
}

/** The network that the instance had before, else the first free one. */
export async function chooseNetwork(instance: Instance): Promise<Network> {
  const file = join(instance.stateFolder, 'network.json');
  const free = freeBlocks(await rangesInUse());
  const last = await readFile(file, 'utf8').then(Number, () => Number.NaN);
  const block = free.includes(last) ? last : free[0];
  if (block === undefined) {
    throw new NoFreeNetwork(
      `routes of this machine cover every block from 10.${FIRST_BLOCK}.0.0/16 to ` +
        `10.${LAST_BLOCK}.0.0/16; stop another instance or remove a route (see: ip route)`,
    );
  }
  await mkdir(instance.stateFolder, { recursive: true, mode: 0o700 });
  await writeFile(file, String(block), { mode: 0o600 });
  return networkOf(block);
}

/** The network that an instance is known to have, running or not. */
export async function knownNetwork(instance: Instance): Promise<Network | undefined> {
  const text = await readFile(join(instance.stateFolder, 'network.json'), 'utf8').catch(() => '');
  return text ? networkOf(Number(text)) : undefined;
}

/** Joins the host to the network namespace of process `pid` by a pair of virtual interfaces. */
export async function joinNamespace(network: Network, pid: number): Promise<void> {
  const { linkName, hostAddress, nodeAddress, cidr } = network;
  const inside = ['nsenter', `--net=/proc/${pid}/ns/net`, '--', 'ip'];
  const peer = ['type', 'veth', 'peer', 'name', 'node0', 'netns', String(pid)];
  // Adding it is also the claim: no two instances can have a link of that name.
  await run(['ip', 'link', 'add', linkName, ...peer]);
  await run(['ip', 'addr', 'add', `${hostAddress}/30`, 'dev', linkName]);
  await run(['ip', 'link', 'set', linkName, 'up']);
  await run([...inside, 'link', 'set', 'lo', 'up']);
  await run([...inside, 'addr', 'add', `${nodeAddress}/30`, 'dev', 'node0']);
  await run([...inside, 'link', 'set', 'node0', 'up']);
  await run([...inside, 'route', 'add', 'default', 'via', hostAddress]);
  await run(['ip', 'route', 'add', cidr, 'via', nodeAddress]);
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
