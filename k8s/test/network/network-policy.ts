import type { KubernetesObject } from '../../../ci/src/manifests/objects.ts';
import type { LabelSelector } from './label-selector.ts';

/** https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.34/#networkpolicy-v1-networking-k8s-io */
export interface NetworkPolicy extends KubernetesObject {
  readonly spec: {
    readonly podSelector: LabelSelector;
    readonly policyTypes?: readonly ('Ingress' | 'Egress')[];
    readonly ingress?: readonly { readonly from?: readonly Peer[]; readonly ports?: Ports }[];
    readonly egress?: readonly { readonly to?: readonly Peer[]; readonly ports?: Ports }[];
  };
}

export interface Peer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: IpBlock;
}

export interface IpBlock {
  readonly cidr: string;
  readonly except?: readonly string[];
}

type Ports = readonly PolicyPort[];

export interface PolicyPort {
  readonly protocol?: Protocol;
  /** A number, or the name of a port of the pod that is asked. */
  readonly port?: number | string;
  readonly endPort?: number;
}

export type Protocol = 'TCP' | 'UDP' | 'SCTP';

export const isNetworkPolicy = (object: KubernetesObject): object is NetworkPolicy =>
  object.kind === 'NetworkPolicy';
