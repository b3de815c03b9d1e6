import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createAdmin } from '../admin.ts';
import { waitFor } from '../kubernetes/api.ts';
import {
  type Cluster,
  ClusterNotStarted,
  kubernetesFolder,
  type Node,
} from '../kubernetes/cluster.ts';
import { startOnNode } from '../kubernetes/node.ts';
import { knownNetwork } from '../network.ts';
import { logFile, runningServer, stopServer } from '../processes.ts';
import type { Instance } from '../state.ts';
import { ports, readNodeSettings, traefikArguments } from './arguments.ts';
import { buildTraefik } from './build.ts';
import { makeCertificate } from './certificate.ts';
import { balanced, traefikObjects } from './objects.ts';
import { showCertificate } from './show-certificate.ts';

export interface TraefikOptions {
  /** For whom there is a certificate from the start, made by itself. */
  readonly hosts: readonly string[];
  readonly say: (text: string) => void;
}

export interface Traefik {
  /** Where the node's 80 and 443 are. */
  readonly address: string;
  readonly log: string;
  /** Shows the certificate, or takes it away. */
  readonly showCertificate: (shown: boolean) => Promise<void>;
}

const name = 'traefik';
const startLimitMs = 20_000;

/**
 * Starts Traefik beside a node that runs, with the settings of k8s/node, as its ingress controller: a
 * process and not a pod, but reached through its Service and named in each Ingress as on k3s.
 */
export async function startTraefik(
  instance: Instance,
  cluster: Cluster,
  { hosts, say }: TraefikOptions,
): Promise<Traefik> {
  const program = await buildTraefik(instance.cacheFolder, say);
  const network = await knownNetwork(instance);
  if (!network) throw new ClusterNotStarted('Traefik needs a Kubernetes that runs');
  const folder = join(kubernetesFolder(instance), name);
  const certificates = join(folder, 'certificates.json');
  const node: Node = {
    instance,
    network,
    folder: kubernetesFolder(instance),
    binFolder: cluster.binFolder,
  };
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const certificate = await makeCertificate(folder, hosts);
  await showCertificate(certificates, certificate);
  const settings = await readNodeSettings();
  await addObjects(cluster, settings.service.spec);
  await startOnNode(
    node,
    name,
    program,
    traefikArguments(settings, {
      volume: folder,
      certificates,
      // A port at which nobody listens.
      authority: 'https://127.0.0.1:9/directory',
    }),
    { KUBECONFIG: cluster.kubeconfig },
  );
  await waitFor('Traefik is ready', startLimitMs, async () => {
    if (!(await runningServer(instance, name))) {
      throw new ClusterNotStarted(`Traefik ended; see ${logFile(instance, name)}`);
    }
    const url = `http://${cluster.nodeAddress}:${ports.admin}/ping`;
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  });
  say('Traefik answers');
  return {
    address: cluster.nodeAddress,
    log: logFile(instance, name),
    showCertificate: (shown) => showCertificate(certificates, shown ? certificate : undefined),
  };
}

export const stopTraefik = (instance: Instance): Promise<void> => stopServer(instance, name);

async function addObjects(cluster: Cluster, serviceSpec: object): Promise<void> {
  const admin = createAdmin(cluster.kubectl, cluster.kubeconfig);
  const items = traefikObjects(cluster.nodeAddress, serviceSpec);
  const apply = ['apply', '--server-side', '--field-manager=helm', '-f', '-'];
  await admin(apply, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  const patch = JSON.stringify(balanced(cluster.nodeAddress));
  const service = ['service', 'traefik', '--namespace=kube-system', '--subresource=status'];
  await admin(['patch', ...service, '--type=merge', '--patch', patch]);
}
