import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { callApi, waitFor } from './api.ts';
import { cgroupRoot } from './cgroups.ts';
import { kubeconfigFile, NODE_NAME, type Node } from './cluster.ts';
import { CONTAINERD_SOCKET } from './containerd.ts';
import { kubeletClientCertificateFile } from './credentials.ts';
import { startOnNode } from './node.ts';

const READY_LIMIT_MS = 60_000;

/** What the kubelet asks for a registry's credentials, before it pulls. */
export interface CredentialProvider {
  /** https://kubernetes.io/docs/reference/config-api/kubelet-config.v1/#kubelet-config-k8s-io-v1-CredentialProviderConfig */
  readonly configFile: string;
  /** Where the programs are that the file names. */
  readonly binFolder: string;
  /** What they find in their environment. */
  readonly env: NodeJS.ProcessEnv;
}

/** Starts what runs pods, and what leads a Service's address to them. */
export async function startKubelet(node: Node, provider?: CredentialProvider): Promise<void> {
  const folder = join(node.folder, 'kubelet-config');
  const configFile = join(folder, 'config.json');
  await mkdir(join(folder, 'plugins'), { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'resolv.conf'), `nameserver ${node.network.nodeAddress}\n`);
  await writeFile(configFile, JSON.stringify(kubeletConfig(node, folder), null, 2));
  const args = [
    `--config=${configFile}`,
    `--kubeconfig=${kubeconfigFile(node.folder, 'kubelet')}`,
    `--hostname-override=${NODE_NAME}`,
    `--node-ip=${node.network.nodeAddress}`,
    `--cert-dir=${join(folder, 'certificates')}`,
  ];
  if (provider) {
    args.push(
      `--image-credential-provider-config=${provider.configFile}`,
      `--image-credential-provider-bin-dir=${provider.binFolder}`,
    );
  }
  await startOnNode(node, 'kubelet', join(node.binFolder, 'kubelet'), args, provider?.env);
  await startOnNode(node, 'kube-proxy', join(node.binFolder, 'kube-proxy'), [
    `--kubeconfig=${kubeconfigFile(node.folder, 'proxy')}`,
    `--hostname-override=${NODE_NAME}`,
    `--cluster-cidr=${node.network.podCidr}`,
    '--proxy-mode=nftables',
    '--healthz-bind-address=127.0.0.1:10256',
    '--metrics-bind-address=127.0.0.1:10249',
    '--oom-score-adj=0',
    // Connection tracking is the machine's affair; some of its settings are read-only in a namespace.
    '--conntrack-max-per-core=0',
    '--conntrack-tcp-timeout-established=0',
    '--conntrack-tcp-timeout-close-wait=0',
  ]);
}

/** Waits until the kubelet that runs now, not an earlier one, says that the node takes pods. */
export async function waitUntilNodeReady(node: Node, since: Date): Promise<void> {
  await waitFor('the node is ready', READY_LIMIT_MS, async () => {
    const { status, body } = await callApi(node, `/api/v1/nodes/${NODE_NAME}`);
    if (status !== 200) return false;
    const { status: report } = JSON.parse(body) as {
      status: { conditions?: { type: string; status: string; lastHeartbeatTime: string }[] };
    };
    const ready = report.conditions?.find((condition) => condition.type === 'Ready');
    // Kubernetes writes whole seconds.
    return ready?.status === 'True' && Date.parse(ready.lastHeartbeatTime) + 999 >= since.getTime();
  });
}

/** After https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/ */
function kubeletConfig(node: Node, folder: string) {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: node.network.nodeAddress,
    healthzBindAddress: '127.0.0.1',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: false },
      x509: { clientCAFile: kubeletClientCertificateFile(node.folder) },
    },
    authorization: { mode: 'AlwaysAllow' },
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${cgroupRoot(node.instance)}`,
    failCgroupV1: false,
    failSwapOn: false,
    oomScoreAdj: 0,
    clusterDomain: 'cluster.local',
    clusterDNS: [node.network.nodeAddress],
    resolvConf: join(folder, 'resolv.conf'),
    containerRuntimeEndpoint: `unix://${CONTAINERD_SOCKET}`,
    podCIDR: node.network.podCidr,
    volumePluginDir: join(folder, 'plugins'),
    makeIPTablesUtilChains: false,
    serializeImagePulls: false,
    // A developer's disk is often nearly full, which is no reason to evict pods or delete images.
    imageGCHighThresholdPercent: 100,
    evictionHard: {
      'memory.available': '100Mi',
      'nodefs.available': '1%',
      'imagefs.available': '1%',
    },
  };
}
