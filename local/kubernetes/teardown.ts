import { rmdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { kill, markedProcesses } from '../marked-processes.ts';
import { removeLink } from '../network.ts';
import { stopServer } from '../processes.ts';
import type { Instance } from '../state.ts';
import { cgroupProcesses, cgroupRoot, removeCgroups } from './cgroups.ts';
import { NODE_MARK } from './cluster.ts';
import { PRIVATE_FOLDERS } from './node.ts';

/** The node's servers in the order of their start. */
export const SERVERS = [
  'node',
  'etcd',
  'kube-apiserver',
  'containerd',
  'kube-controller-manager',
  'kube-scheduler',
  'kubelet',
  'kube-proxy',
  'coredns',
  'hostpath-provisioner',
] as const;

/** Processes of the node outlived SIGKILL. */
export class TeardownFailed extends Error {
  override readonly name = 'TeardownFailed';
  readonly code = 'TEARDOWN_FAILED';
}

const KILL_LIMIT_MS = 15_000;

/**
 * Ends the node at once, as pulling the plug ends a machine: what lies in its folder stays. It finds
 * processes by control group and by mark, so nothing depends on who started or recorded them.
 */
export async function switchOff(instance: Instance): Promise<void> {
  const deadline = Date.now() + KILL_LIMIT_MS;
  for (;;) {
    // Shims and the kubelet first or together with pods: either would start the other again.
    const pids = [...nodeProcesses(instance), ...(await cgroupProcesses(instance))];
    if (pids.length === 0) break;
    if (Date.now() > deadline) {
      throw new TeardownFailed(`processes do not end on SIGKILL: ${pids.join(' ')}`);
    }
    for (const pid of pids) kill(pid);
    await sleep(20);
  }
  for (const name of SERVERS) await stopServer(instance, name);
  await removeLink(instance);
  await removeCgroups(instance);
  await removeMountPoints();
}

/** Empty folders that a node was mounted over; removing one would unmount it under another node. */
async function removeMountPoints(): Promise<void> {
  if (markedProcesses(NODE_MARK).length > 0) return;
  for (const path of PRIVATE_FOLDERS) await rmdir(path).catch(() => {});
}

const nodeProcesses = (instance: Instance) =>
  markedProcesses(NODE_MARK)
    .filter(({ value }) => value === cgroupRoot(instance))
    .map(({ pid }) => pid);
