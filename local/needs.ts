import type { Needed } from './packages.ts';

/** Only the server itself: the package mariadb-server would start one of its own and add a user. */
export const databasePackages: Needed = { 'mariadb-server-core': '/usr/sbin/mariadbd' };

/** What the local servers need of Debian, by the file that tells whether it is there. */
export const neededPackages: Needed = {
  buildah: '/usr/bin/buildah',
  conntrack: '/usr/sbin/conntrack',
  containerd: '/usr/bin/containerd',
  'containernetworking-plugins': '/usr/lib/cni/ptp',
  // The pipeline asks Services from the node with it.
  curl: '/usr/bin/curl',
  'docker-registry': '/usr/bin/docker-registry',
  iproute2: '/bin/ip',
  ...databasePackages,
  nftables: '/usr/sbin/nft',
  openssl: '/usr/bin/openssl',
  runc: '/usr/sbin/runc',
};
