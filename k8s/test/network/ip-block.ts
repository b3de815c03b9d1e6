import { BlockList, isIPv6 } from 'node:net';
import type { IpBlock } from './network-policy.ts';

const family = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');

/** Whether an address lies in a block and in none of its exceptions. */
export const inBlock = ({ cidr, except = [] }: IpBlock, address: string): boolean =>
  inRange(cidr, address) && !except.some((range) => inRange(range, address));

function inRange(range: string, address: string): boolean {
  const [base = '', bits = ''] = range.split('/');
  // BlockList would find an IPv4 address in ::ffff:0:0/96.
  if (family(base) !== family(address)) return false;
  return listOf(range, base, Number(bits)).check(address, family(address));
}

const lists = new Map<string, BlockList>();

function listOf(range: string, base: string, bits: number): BlockList {
  const known = lists.get(range);
  if (known) return known;
  const list = new BlockList();
  list.addSubnet(base, bits, family(base));
  lists.set(range, list);
  return list;
}
