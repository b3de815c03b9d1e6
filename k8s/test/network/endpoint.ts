import type { Labels } from './label-selector.ts';

/** One end of a connection, as network policies see it. */
export type Endpoint = PodEnd | AddressEnd | NodeEnd;

export interface PodEnd {
  readonly is: 'pod';
  readonly namespace: string;
  readonly labels: Labels;
  readonly address: string;
  /** Its containers' ports by name; a port is TCP here, as all of ours are. */
  readonly ports: Readonly<Record<string, number>>;
}

/** What is no pod: a machine somewhere. */
export interface AddressEnd {
  readonly is: 'address';
  readonly address: string;
}

/** The node on which the pods run. */
export interface NodeEnd {
  readonly is: 'node';
}
