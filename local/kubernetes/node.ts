import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { joinNamespace } from '../network.ts';
import { logFile, runningServer, startServer } from '../processes.ts';
import type { Instance } from '../state.ts';
import { cgroupRoot } from './cgroups.ts';
import { ClusterNotStarted, NODE_MARK, type Node } from './cluster.ts';

/** Paths that Kubernetes, containerd and CNI have built in; the node sees private ones. */
export const PRIVATE_FOLDERS = [
  '/run/containerd',
  '/run/netns',
  '/var/lib/cni',
  '/var/lib/kubelet',
  '/var/log/containers',
  '/var/log/pods',
] as const;

/** Those that survive a restart of the node, as they do on a machine; the others are `tmpfs`. */
const KEPT: Readonly<Record<string, string>> = {
  '/var/lib/kubelet': 'kubelet',
  '/var/log/pods': 'pod-logs',
};

/**
 * What the kubelet wants the kernel to be set to. It sees files of ours in these places, so that it
 * finds everything as it wants it and the machine keeps its own settings:
 * https://github.com/kubernetes/kubernetes/blob/v1.34.2/pkg/kubelet/cm/container_manager_linux.go#L407
 */
const KERNEL_SETTINGS: Readonly<Record<string, string>> = {
  'vm/overcommit_memory': '1',
  'vm/panic_on_oom': '0',
  'kernel/panic': '10',
  'kernel/panic_on_oops': '1',
  'kernel/keys/root_maxkeys': '1000000',
  'kernel/keys/root_maxbytes': '25000000',
};

const START_LIMIT_MS = 10_000;

/**
 * The node is a sleeping process with a mount and a network namespace of its own. Every other part
 * runs in those; when the last one ends, the kernel removes the mounts, the link and its routes.
 */
export async function startNode(node: Node): Promise<void> {
  await mkdir(node.folder, { recursive: true, mode: 0o700 });
  const pid = await startServer(node.instance, {
    name: 'node',
    command: 'unshare',
    // What the machine unmounts goes from the node too, and nothing of the node's appears outside.
    args: ['--mount', '--net', '--propagation', 'slave', '--', 'sh', '-euc', mountScript(node)],
    env: nodeEnvironment(node.instance),
  });
  await waitUntilAsleep(node.instance, pid);
  await joinNamespace(node.network, pid);
}

/** Starts one of the node's servers in the node's namespaces. */
export async function startOnNode(
  node: Node,
  name: string,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<void> {
  const holder = await runningServer(node.instance, 'node');
  if (!holder) throw new ClusterNotStarted(`the node ended; see ${logFile(node.instance, 'node')}`);
  const namespaces = `/proc/${holder.pid}/ns`;
  await startServer(node.instance, {
    name,
    command: 'nsenter',
    args: [`--net=${namespaces}/net`, `--mount=${namespaces}/mnt`, '--', command, ...args],
    env: { ...env, ...nodeEnvironment(node.instance) },
  });
}

const nodeEnvironment = (instance: Instance): NodeJS.ProcessEnv => ({
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  [NODE_MARK]: cgroupRoot(instance),
});

function mountScript(node: Node): string {
  const lines: string[] = [];
  for (const path of PRIVATE_FOLDERS) {
    lines.push(`mkdir -p ${path}`);
    const kept = KEPT[path];
    if (!kept) {
      lines.push(`mount -t tmpfs -o mode=0755 tmpfs ${path}`);
      continue;
    }
    const source = quote(join(node.folder, kept));
    lines.push(`mkdir -p ${source}`, `mount --bind ${source} ${path}`);
  }
  const settings = join(node.folder, 'kernel-settings');
  for (const [name, value] of Object.entries(KERNEL_SETTINGS)) {
    const file = quote(join(settings, name.replaceAll('/', '-')));
    lines.push(`mkdir -p ${quote(settings)}`, `echo ${value} > ${file}`);
    lines.push(`mount --bind ${file} /proc/sys/${name}`);
  }
  lines.push('echo 1 > /proc/sys/net/ipv4/ip_forward', 'exec sleep infinity');
  return lines.join('\n');
}

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

async function waitUntilAsleep(instance: Instance, pid: number): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline) {
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    if (name.trim() === 'sleep') return;
    if (!(await runningServer(instance, 'node'))) break;
    await sleep(10);
  }
  const log = logFile(instance, 'node');
  const text = await readFile(log, 'utf8').catch(() => '');
  const reason = text.trim().split('\n').slice(-3).join('\n');
  throw new ClusterNotStarted(`no namespaces for the node (root is needed); see ${log}\n${reason}`);
}
