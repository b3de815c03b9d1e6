import { mkdir, readFile, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runningServer } from '../processes.ts';
import { tryRun } from '../run.ts';
import type { Instance } from '../state.ts';
import { ClusterNotStarted, kubernetesFolder, type Node } from './cluster.ts';
import { startOnNode } from './node.ts';

export const CONTAINERD_SOCKET = '/run/containerd/containerd.sock';
const PAUSE_IMAGE = 'whatsthecraic.local/pause:1';
const START_LIMIT_MS = 20_000;

/**
 * Lets the node pull from a registry without TLS, under its own name or another one; containerd reads
 * this file at each pull.
 */
export async function trustRegistry(
  instance: Instance,
  address: string,
  name = address,
): Promise<void> {
  const file = join(kubernetesFolder(instance), 'registries', name, 'hosts.toml');
  await mkdir(dirname(file), { recursive: true });
  // As the server too: what a host has not is asked of that one, and by HTTPS if it is not named.
  const host = `[host."http://${address}"]\n  capabilities = ["pull", "resolve"]\n`;
  await writeFile(file, `server = "http://${address}"\n\n${host}`);
}

/** Starts containerd and gives it the image that holds each pod's namespaces. */
export async function startContainerd(node: Node): Promise<void> {
  const configFile = join(node.folder, 'containerd.toml');
  const networkFile = join(node.folder, 'cni', '10-pods.conflist');
  await mkdir(dirname(networkFile), { recursive: true });
  await mkdir(join(node.folder, 'registries'), { recursive: true });
  await writeFile(networkFile, JSON.stringify(podNetwork(node.network.podCidr)));
  const [mayLowerOom, snapshotter] = await Promise.all([
    mayLowerOomScore(),
    snapshotterFor(node.folder),
  ]);
  await writeFile(configFile, containerdConfig(node.folder, mayLowerOom, snapshotter));
  await startOnNode(node, 'containerd', 'containerd', ['--config', configFile]);
  await importPauseImage(node);
}

/**
 * Point-to-point links in place of a bridge: every packet between pods is routed, so that
 * kube-proxy sees the answers too, without the br_netfilter module that a bridge would need.
 */
const podNetwork = (subnet: string) => ({
  cniVersion: '1.0.0',
  name: 'pods',
  plugins: [
    {
      type: 'ptp',
      ipMasq: false,
      ipam: { type: 'host-local', ranges: [[{ subnet }]], routes: [{ dst: '0.0.0.0/0' }] },
    },
  ],
});

/** After https://github.com/containerd/containerd/blob/v1.6.20/docs/cri/config.md */
function containerdConfig(folder: string, mayLowerOom: boolean, snapshotter: string): string {
  return `version = 2
root = ${JSON.stringify(join(folder, 'containerd'))}
state = "/run/containerd"
[grpc]
  address = "${CONTAINERD_SOCKET}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${PAUSE_IMAGE}"
  restrict_oom_score_adj = ${!mayLowerOom}
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "${snapshotter}"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = ${JSON.stringify(join(folder, 'cni'))}
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = ${JSON.stringify(join(folder, 'registries'))}
`;
}

/** Without CAP_SYS_RESOURCE the kernel refuses a score below a process's own: capabilities(7). */
async function mayLowerOomScore(): Promise<boolean> {
  const status = await readFile('/proc/self/status', 'utf8');
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0';
  const sysResource = 1n << 24n;
  return (BigInt(`0x${effective}`) & sysResource) !== 0n;
}

/** In a container the disk is an overlay itself, which cannot be the upper layer of another. */
async function snapshotterFor(folder: string): Promise<'overlayfs' | 'native'> {
  const overlay = 0x794c7630; // statfs(2), OVERLAYFS_SUPER_MAGIC
  return (await statfs(folder)).type === overlay ? 'native' : 'overlayfs';
}

async function importPauseImage(node: Node): Promise<void> {
  const holder = await runningServer(node.instance, 'node');
  const enter = ['nsenter', `--mount=/proc/${holder?.pid}/ns/mnt`, '--'];
  const image = join(node.binFolder, 'pause.tar');
  const ctr = ['ctr', '--connect-timeout', '1s', '-n', 'k8s.io', 'images', 'import', image];
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    const result = await tryRun([...enter, ...ctr], { timeoutMs: 10_000 });
    if (result.exitCode === 0) return;
    if (Date.now() > deadline) {
      throw new ClusterNotStarted(`containerd takes no image: ${result.stderr.trim()}`);
    }
    await sleep(50);
  }
}
