import type { Endpoint, PodEnd } from './endpoint.ts';
import { inBlock } from './ip-block.ts';
import { selects } from './label-selector.ts';
import type { NetworkPolicy, Peer, PolicyPort, Protocol } from './network-policy.ts';

export interface Connection {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly port: number;
  readonly protocol: Protocol;
}

/**
 * Whether policies let a connection pass, by the rules of Kubernetes: it has to be allowed where it
 * leaves and where it enters. Policies only ever allow; a pod that one of them selects for a
 * direction has nothing but what they all together allow it in that direction.
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export const isAllowed = (policies: readonly NetworkPolicy[], connection: Connection): boolean =>
  mayLeave(policies, connection) && mayEnter(policies, connection);

/** Whether the asking end may send it. */
export function mayLeave(policies: readonly NetworkPolicy[], connection: Connection): boolean {
  const { from, to } = connection;
  if (from.is !== 'pod' || isExempt(connection)) return true;
  const isolating = policiesOf(policies, from, 'Egress');
  return (
    isolating.length === 0 ||
    isolating.some((policy) =>
      (policy.spec.egress ?? []).some(
        (rule) => hasPeer(rule.to, to, policy) && hasPort(rule.ports, connection),
      ),
    )
  );
}

/** Whether the asked end may receive it. */
export function mayEnter(policies: readonly NetworkPolicy[], connection: Connection): boolean {
  const { from, to } = connection;
  if (to.is !== 'pod' || isExempt(connection)) return true;
  const isolating = policiesOf(policies, to, 'Ingress');
  return (
    isolating.length === 0 ||
    isolating.some((policy) =>
      (policy.spec.ingress ?? []).some(
        (rule) => hasPeer(rule.from, from, policy) && hasPort(rule.ports, connection),
      ),
    )
  );
}

/** A pod always reaches itself; and it and its node always reach each other, as the kubelet must. */
const isExempt = ({ from, to }: Connection): boolean =>
  from === to || from.is === 'node' || to.is === 'node';

const policiesOf = (
  policies: readonly NetworkPolicy[],
  pod: PodEnd,
  direction: 'Ingress' | 'Egress',
): readonly NetworkPolicy[] =>
  policies.filter(
    (policy) =>
      policy.metadata.namespace === pod.namespace &&
      selects(policy.spec.podSelector, pod.labels) &&
      directionsOf(policy).includes(direction),
  );

function directionsOf({ spec }: NetworkPolicy): readonly string[] {
  return spec.policyTypes ?? ['Ingress', ...(spec.egress?.length ? ['Egress'] : [])];
}

/** A rule that names nobody means everybody. */
const hasPeer = (peers: readonly Peer[] = [], end: Endpoint, policy: NetworkPolicy): boolean =>
  peers.length === 0 || peers.some((peer) => isPeer(peer, end, policy));

function isPeer(peer: Peer, end: Endpoint, { metadata }: NetworkPolicy): boolean {
  if (end.is === 'node') return false;
  // Kubernetes leaves open whether a block takes in pods; k3s compares addresses, whosever they are.
  if (peer.ipBlock) return inBlock(peer.ipBlock, end.address);
  if (end.is !== 'pod') return false;
  const inNamespace = peer.namespaceSelector
    ? selects(peer.namespaceSelector, { 'kubernetes.io/metadata.name': end.namespace })
    : end.namespace === metadata.namespace;
  return inNamespace && selects(peer.podSelector ?? {}, end.labels);
}

const hasPort = (ports: readonly PolicyPort[] = [], connection: Connection): boolean =>
  ports.length === 0 || ports.some((port) => isPort(port, connection));

function isPort({ protocol = 'TCP', port, endPort }: PolicyPort, connection: Connection): boolean {
  if (protocol !== connection.protocol) return false;
  if (port === undefined) return true;
  if (typeof port === 'number') {
    return port <= connection.port && connection.port <= (endPort ?? port);
  }
  const { to } = connection;
  return protocol === 'TCP' && to.is === 'pod' && to.ports[port] === connection.port;
}
