import { join } from 'node:path';
import type { Network } from '../network.ts';
import type { Instance } from '../state.ts';

/** A running one-node Kubernetes. */
export interface Cluster {
  /** Path of the administrator's kubeconfig, readable by its owner alone. */
  readonly kubeconfig: string;
  /** Path of a kubectl of the cluster's own version. */
  readonly kubectl: string;
  readonly binFolder: string;
  /** The host's address on the link to the node, which pods reach: servers for pods listen there. */
  readonly hostAddress: string;
  readonly nodeAddress: string;
  readonly serviceCidr: string;
  readonly podCidr: string;
  /** Arguments that, put before a command, run it in the node's network. */
  readonly enter: readonly string[];
}

/** What the files that start one component each need to know. */
export interface Node {
  readonly instance: Instance;
  readonly network: Network;
  readonly folder: string;
  readonly binFolder: string;
}

/** The cluster's only node, whatever the machine is called. */
export const NODE_NAME = 'node';

/** The environment variable by which a node's processes are known, also those that nobody recorded. */
export const NODE_MARK = 'WHATSTHECRAIC_NODE';

export const kubernetesFolder = (instance: Instance) => join(instance.stateFolder, 'kubernetes');
export const kubeconfigFile = (folder: string, user: string) =>
  join(folder, 'credentials', `${user}.kubeconfig`);
export const certificateFile = (folder: string) => join(folder, 'certificates', 'apiserver.crt');
export const serverUrl = (network: Network) => `https://${network.nodeAddress}:6443`;

/** The cluster did not become ready; the message names the part that did not. */
export class ClusterNotStarted extends Error {
  override readonly name = 'ClusterNotStarted';
  readonly code = 'CLUSTER_NOT_STARTED';
}
