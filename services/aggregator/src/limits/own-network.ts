import { BlockList, isIPv6 } from 'node:net';

const own = new BlockList();
own.addSubnet('127.0.0.0', 8);
own.addSubnet('10.0.0.0', 8);
own.addSubnet('172.16.0.0', 12);
own.addSubnet('192.168.0.0', 16);
own.addSubnet('100.64.0.0', 10);
own.addSubnet('169.254.0.0', 16);
own.addAddress('::1', 'ipv6');
own.addSubnet('fc00::', 7, 'ipv6');
own.addSubnet('fe80::', 10, 'ipv6');

/**
 * An address of no client on the internet: a probe, a neighbour in the cluster, or a proxy that does not
 * tell whom it speaks for. One limit for all whom such a proxy hides would let one of them stop the rest.
 */
export const isOwnNetwork = (address: string): boolean =>
  own.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
