import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { callApi, waitFor } from './api.ts';
import { ClusterNotStarted, kubeconfigFile, type Node } from './cluster.ts';
import { startOnNode } from './node.ts';

const DNS_LIMIT_MS = 30_000;

/** Starts names and storage: CoreDNS and the provisioner, beside the node instead of in pods. */
export async function startAddOns(node: Node): Promise<void> {
  const corefile = join(node.folder, 'Corefile');
  await writeFile(corefile, corefileOf(node));
  await startOnNode(node, 'coredns', join(node.binFolder, 'coredns'), ['-conf', corefile]);

  const volumes = join(node.folder, 'volumes');
  // Any user of a pod comes through here to its own volume; the state folder keeps others out.
  await mkdir(volumes, { recursive: true, mode: 0o711 });
  await createStorageClass(node);
  await startOnNode(node, 'hostpath-provisioner', join(node.binFolder, 'hostpath-provisioner'), [
    `--kubeconfig=${kubeconfigFile(node.folder, 'provisioner')}`,
    `--folder=${volumes}`,
  ]);
}

export async function waitUntilDnsReady(node: Node): Promise<void> {
  await waitFor('DNS is ready', DNS_LIMIT_MS, async () => {
    const url = `http://${node.network.nodeAddress}:8181/ready`;
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  });
}

/** Names outside the cluster do not exist here: an immediate NXDOMAIN beats a resolver's patience. */
const corefileOf = (node: Node) => `.:53 {
  bind ${node.network.nodeAddress}
  ready ${node.network.nodeAddress}:8181
  errors
  kubernetes cluster.local in-addr.arpa {
    kubeconfig ${JSON.stringify(kubeconfigFile(node.folder, 'dns'))}
    ttl 5
  }
  template ANY ANY {
    rcode NXDOMAIN
  }
}
`;

/** The default class; a claim gets a folder of the state folder once a pod uses it. */
async function createStorageClass(node: Node): Promise<void> {
  const { status, body } = await callApi(node, '/apis/storage.k8s.io/v1/storageclasses', {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: {
      name: 'hostpath',
      annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
    },
    provisioner: 'whatsthecraic.local/hostpath',
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
  });
  const alreadyExists = 409;
  if (status >= 300 && status !== alreadyExists) {
    throw new ClusterNotStarted(`the API server refused the StorageClass: ${status} ${body}`);
  }
}
